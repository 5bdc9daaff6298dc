package export

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/tiles"
	"yizhan/tiles/archive"
)

// Ledger says which ground changed in the layers since a version of the data; whole
// means that it cannot tell, so everything counts as changed.
type Ledger interface {
	ChangedGround(ctx context.Context, since string, layers []*index.Collection) (ground []geo.Extent, whole bool,
		err error)
}

// Options are what to export.
type Options struct {
	Path     string              // of the archive; the name's ending decides the format
	Name     string              // of the archive in notices, if not the path
	Layers   []*index.Collection // public ones
	Version  string              // of the data
	From, To uint8               // zooms
	BBox     []float64           // west, south, east, north; empty: where the layers lie
	Update   bool                // redraw only what changed since the archive was written
	Fresh    bool                // do not resume an interrupted export

	Progress func(Progress)   // called after each part, if not nil
	Notice   func(lang.Label) // told how the export starts, if not nil
}

// Progress is how far an export is.
type Progress struct {
	Zoom        uint8
	Done, Total int // tiles of that zoom
	Elapsed     time.Duration
}

// Summary is what an export wrote.
type Summary struct {
	Tiles, Different int // tiles with content, and different contents
	Bytes            int64
	Elapsed          time.Duration
	Updated          bool // an existing archive was updated
	Redrawn, Changed int64
}

// Run writes the archive. After an error, [Resumable] says whether running it again
// resumes.
func Run(ctx context.Context, l Ledger, o Options) (Summary, error) {
	about := tiles.NewTileJSON("", "", o.Layers, tiles.Options{})
	if len(o.BBox) == 4 {
		about.Bounds = [4]float64(o.BBox)
	}
	e := &export{Options: o, about: about, started: time.Now(), plan: Plan{
		Format: drawing, Layers: about.Name, Zoom: [2]uint8{o.From, o.To}, BBox: o.BBox, Version: o.Version}}
	if err := e.begin(ctx, l); err != nil {
		return Summary{}, errors.Join(err, e.close())
	}
	summary, err := e.run(ctx)
	return summary, errors.Join(err, e.close())
}

// Resumable reports whether an interrupted export to the path can be resumed.
func Resumable(ctx context.Context, path string) bool { return archive.Unfinished(ctx, path) != "" }

// export is one archive being written.
type export struct {
	Options
	about   tiles.TileJSON
	plan    Plan
	started time.Time
	drawer  tiles.Drawer

	out     archive.Sink
	former  archive.Source // whose tiles are copied; nil for none
	touched *geo.ExtentSet // ground that changed since; nil: everything
	summary Summary
}

// run draws zoom by zoom, in the order of the archive.
func (e *export) run(ctx context.Context) (Summary, error) {
	for z := e.From; z <= e.To; z++ {
		if err := e.zoom(ctx, z); err != nil {
			return Summary{}, err
		}
	}
	size, err := e.out.Finish(archive.About{MinZoom: e.From, MaxZoom: e.To, Bounds: e.about.Bounds,
		Metadata: map[string]any{
			"name": e.about.Name, "description": e.about.Description, "attribution": e.about.Attribution,
			"type": "overlay", "vector_layers": e.about.VectorLayers, planKey: e.plan,
		}})
	if err != nil {
		return Summary{}, err
	}
	s := e.summary
	s.Tiles, s.Different = e.out.Tiles()
	s.Bytes, s.Elapsed, s.Updated = size, time.Since(e.started), e.former != nil
	return s, nil
}

// begin opens the archive to write, and what there is of it already.
func (e *export) begin(ctx context.Context, l Ledger) error {
	if e.Update {
		if err := e.openFormer(ctx, l); err != nil {
			return err
		}
	}
	if err := e.takeOverPlan(ctx, l); err != nil {
		return err
	}
	text, err := json.Marshal(e.plan)
	if err != nil {
		return err
	}
	if e.out, err = archive.Create(ctx, e.Path, string(text), e.Fresh); err != nil {
		return err
	}
	if e.out.Next() > 0 {
		e.notice(lang.Bothf("%s: resuming the interrupted export", e.Name))
	}
	return nil
}

func (e *export) notice(text lang.Label) {
	if e.Notice != nil {
		e.Notice(text)
	}
}

func (e *export) close() (err error) {
	if e.former != nil {
		err = e.former.Close()
	}
	if e.out != nil {
		err = errors.Join(err, e.out.Close())
	}
	return err
}
