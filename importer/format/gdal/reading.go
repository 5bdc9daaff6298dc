package gdal

import (
	"context"
	"errors"
	"io"

	"yizhan/importer/format/geojson"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// reading is how one layer is read; it can be read any number of times.
type reading struct {
	g      *programs
	source *source
	layer  []string // none when the file has only one
	size   int64    // of the files
	count  int64    // that the file declares and must have; 0 when that is not checked
	limits record.Limits
}

// cutter starts ogr2ogr and cuts its output.
func (r reading) cutter(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
	s := r.source
	args := append([]string{"-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=10",
		"-lco", "WRITE_NAME=NO", "-noNativeData"}, s.open...)
	args = append(append(args, "/vsistdout/", s.path), r.layer...)
	settings := append([]string{r.g.only(s.driver, "GeoJSON")}, s.settings...)
	p, err := r.g.start(ctx, settings, r.g.ogr2ogr, args...)
	if err != nil {
		return nil, lang.Errorf("%s: %w", s.in.Name, err)
	}
	out := &converted{process: p, pace: pace, left: r.size}
	return &cutter{Cutter: geojson.NewCutter(out, r.limits), process: p, reading: r}, nil
}

// converted is the output of ogr2ogr. How far ogr2ogr has read the file is not known, so
// the pace follows its output, and is complete at the end.
type converted struct {
	*process
	pace *record.Pace
	left int64 // of the files' size
}

func (c *converted) Read(b []byte) (int, error) {
	n, err := c.process.Read(b)
	step := min(int64(n), c.left)
	if errors.Is(err, io.EOF) {
		step = c.left
	}
	c.left -= step
	c.pace.Read.Add(step)
	return n, err
}

// cutter cuts the GeoJSON of ogr2ogr.
type cutter struct {
	record.Cutter
	process *process
	reading reading
	records int64
}

// Next fills the next batch. A failure of the program is reported before a fault of its
// output, which is then merely incomplete.
func (c *cutter) Next(b *record.Batch) error {
	err := c.Cutter.Next(b)
	name := c.reading.source.in.Name
	switch {
	case err == nil:
		c.records += int64(len(b.Spans))
		return nil
	case c.process.ended && c.process.fault != nil:
		return lang.Errorf("%s: %w", name, c.process.fault)
	case !errors.Is(err, io.EOF):
		return lang.Errorf("%s: in the output of ogr2ogr: %w", name, err)
	case c.records < c.reading.count:
		return c.reading.source.in.Damaged(lang.Errorf("it declares %d features but contains %d",
			c.reading.count, c.records))
	}
	return io.EOF
}

// End passes on the warnings of ogr2ogr; the coordinate system is known from the start.
func (c *cutter) End() record.End {
	warnings := c.process.stderr.text()
	if !c.process.ended || warnings == "" {
		return record.End{}
	}
	return record.End{Notes: []lang.Label{lang.Bothf("ogr2ogr warns: %s", warnings)}}
}
