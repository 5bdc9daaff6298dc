package format

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"

	"yizhan/geo"
	"yizhan/importer/format/geojson"
	"yizhan/importer/format/gpkg"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// gdalSource is a file as it is given to GDAL.
type gdalSource struct {
	in       record.Input
	kind     gdalKind
	path     string   // absolute
	driver   string   // the only one that may look at it
	open     []string // -oo NAME=VALUE …
	settings []string // of the environment
	charset  lang.Label
}

// openGDAL opens a file that no reader of ours knows, through the program ogr2ogr:
// drawings (DXF), KML and KMZ, GML, GPX, MapInfo, FlatGeobuf, file geodatabases,
// SQLite and OpenDocument sheets.
//
// ogr2ogr writes GeoJSON into a pipe, which is cut and decoded like any other; no
// coordinate is transformed, and ten decimals are written: 0.01 mm in degrees too.
// Of the system ogr2ogr says in its member crs "urn:ogc:def:crs:OGC:1.3:CRS84" for
// EPSG:4326, "urn:ogc:def:crs:EPSG::4547" for EPSG:4547, and nothing where the
// source has none or one without a code; Said is therefore ogrinfo's WKT, and easting
// or longitude stands first whatever order that gives the axes.
func openGDAL(ctx context.Context, in record.Input) (*record.File, error) {
	kind, err := gdalKindOf(in)
	if err != nil {
		return nil, err
	}
	g, err := findGDAL(ctx, in)
	if err != nil {
		return nil, err
	}
	file, err := g.open(ctx, in, kind)
	if err != nil {
		return nil, errors.Join(lang.Errorf("%s: %w", in.Name, err), g.close())
	}
	return file, nil
}

func (g *gdal) open(ctx context.Context, in record.Input, kind gdalKind) (*record.File, error) {
	in.Options.Limits = in.Options.WithDefaults()
	s, err := g.source(ctx, in, kind)
	if err != nil {
		return nil, err
	}
	paths, size, err := kind.files(s.path)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	layer, alone, err := g.choose(ctx, s, in.Options.Inside)
	if err != nil {
		return nil, err
	}
	file := &record.File{
		Name: in.Name, Format: kind.title + " (ogr2ogr " + g.version + ")", Paths: paths, Size: size,
		Charset: "UTF-8", ByWhat: s.charset, Kinds: layer.kinds(), Limits: in.Options.Limits,
		Notes: []lang.Label{lang.Label{ZH: fmt.Sprintf("由 GDAL %s 的 ogr2ogr 读取（驱动 %s，图层 %s），坐标未经转换", g.version, s.driver, layer.name), EN: fmt.Sprintf("read by ogr2ogr of GDAL %s (driver %s, layer %s); no coordinate was transformed", g.version, s.driver, layer.name)}},
	}
	file.OnClose(g.close)
	if layer.wkt != "" {
		file.Said = record.Said{Where: "ogr2ogr", Text: layer.wkt}
	}
	reading := gdalReading{g: g, source: s, size: size, limits: file.Limits}
	if !alone {
		reading.layer = []string{layer.name}
	}
	if kind.counts && layer.count > 0 {
		file.Count, reading.count = layer.count, layer.count
	}
	file.Cutter = reading.cutter
	file.Decoder = func() record.Decoder { return geojson.NewDecoder(reading.limits) }
	return file, nil
}

// source settles how GDAL gets the file.
func (g *gdal) source(ctx context.Context, in record.Input, kind gdalKind) (*gdalSource, error) {
	s := &gdalSource{in: in, kind: kind, charset: lang.Label{ZH: "由 ogr2ogr 转换", EN: "by ogr2ogr"}}
	var err error
	if s.path, err = filepath.Abs(in.Path); err != nil {
		return nil, in.Unreadable(err)
	}
	if s.driver, err = g.driver(kind); err != nil {
		return nil, err
	}
	for _, option := range kind.options {
		s.open = append(s.open, "-oo", option)
	}
	switch kind.title {
	case "DXF":
		return s, s.dxf()
	case "SQLite":
		return s, s.sqlite(ctx)
	}
	return s, nil
}

// dxf sets the encoding of a drawing, which must be whole.
func (s *gdalSource) dxf() error {
	if err := dxfComplete(s.in); err != nil {
		return err
	}
	encoding, how, err := dxfEncoding(s.in)
	if err != nil || encoding == "" {
		return err
	}
	s.settings = []string{"DXF_ENCODING=" + encoding}
	if how == "as stated" {
		s.charset = lang.Label{ZH: "由 ogr2ogr 自 " + encoding + " 转换（按指定）", EN: "by ogr2ogr from " + encoding + " (as stated)"}
	} else {
		s.charset = lang.Label{ZH: "由 ogr2ogr 自 " + encoding + " 转换（依据 " + how + "）", EN: "by ogr2ogr from " + encoding + " (by " + how + ")"}
	}
	return nil
}

//go:embed gdal_virtual.sql
var gdalVirtual string

// harmless are the virtual tables that lie in the database itself: indexes.
var harmless = regexp.MustCompile(`(?is)^create\s+virtual\s+table\s+("(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\]|` + "`[^`]*`" +
	`|\w+)\s+using\s+(rtree|rtree_i32|fts3|fts4|fts5|virtualspatialindex|virtualelementary|virtualknn2?)\s*(\(|$)`)

// sqlite refuses a database with virtual tables that read other files, such as
// SpatiaLite's VirtualText: GDAL would list them among the tables.
func (s *gdalSource) sqlite(ctx context.Context) (err error) {
	db, err := gpkg.OpenDatabase(s.in)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, gdalVirtual)
	if err != nil {
		return db.Fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return db.Fault(ctx, err)
		}
		if !harmless.MatchString(text) {
			return lang.Errorf("the table %q is a virtual one, which can read other files on this computer; save the data as GeoPackage: %w", record.Short(name), geo.ErrInvalid)
		}
	}
	return db.Fault(ctx, rows.Err())
}

// gdalReading is how one layer is read, as often as wanted.
type gdalReading struct {
	g      *gdal
	source *gdalSource
	layer  []string // none when the file has but one
	size   int64    // of the files
	count  int64    // that the file declares; 0 when it is not held to it
	limits record.Limits
}

// cutter starts ogr2ogr and cuts what it writes.
func (r gdalReading) cutter(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
	s := r.source
	args := append([]string{"-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=10", "-lco", "WRITE_NAME=NO", "-noNativeData"}, s.open...)
	args = append(append(args, "/vsistdout/", s.path), r.layer...)
	settings := append([]string{r.g.only(s.driver, "GeoJSON")}, s.settings...)
	p, err := r.g.start(ctx, settings, r.g.ogr2ogr, args...)
	if err != nil {
		return nil, lang.Errorf("%s: %w", s.in.Name, err)
	}
	out := &converted{process: p, pace: pace, left: r.size}
	return &gdalCutter{Cutter: geojson.NewCutter(out, r.limits), process: p, reading: r}, nil
}

// converted is what ogr2ogr writes. How far it is in the file is not known, so
// that the pace goes by what it wrote, and is complete at the end.
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

// gdalCutter cuts the GeoJSON of ogr2ogr.
type gdalCutter struct {
	record.Cutter
	process *process
	reading gdalReading
	records int64
}

// Next fills the next batch. What went wrong with the program comes before what is
// wrong with its output, which then just breaks off.
func (c *gdalCutter) Next(b *record.Batch) error {
	err := c.Cutter.Next(b)
	name := c.reading.source.in.Name
	switch {
	case err == nil:
		c.records += int64(len(b.Spans))
		return nil
	case c.process.ended && c.process.fault != nil:
		return lang.Errorf("%s: %w", name, c.process.fault)
	case !errors.Is(err, io.EOF):
		return lang.Errorf("%s: what ogr2ogr made of it: %w", name, err)
	case c.records < c.reading.count:
		return c.reading.source.in.Damaged(lang.Errorf("it declares %d features and has %d", c.reading.count, c.records))
	}
	return io.EOF
}

// End tells what ogr2ogr warned of; the system is known from the beginning.
func (c *gdalCutter) End() record.End {
	said := c.process.said.text()
	if !c.process.ended || said == "" {
		return record.End{}
	}
	return record.End{Notes: []lang.Label{lang.Label{ZH: "ogr2ogr 提示：" + said, EN: "ogr2ogr says: " + said}}}
}
