package gdal

import (
	"context"
	"errors"
	"path/filepath"

	"yizhan/importer/format/geojson"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open opens one layer of a file: the only one with features, or the one that the
// options name.
//
// The coordinate system comes from ogrinfo as WKT. The GeoJSON of ogr2ogr names only
// systems with a code: "urn:ogc:def:crs:OGC:1.3:CRS84" for EPSG:4326,
// "urn:ogc:def:crs:EPSG::4547" for EPSG:4547. Easting or longitude stands first whatever
// the order of axes in the WKT.
func Open(ctx context.Context, in record.Input) (*record.File, error) {
	kind, err := kindOf(in)
	if err != nil {
		return nil, err
	}
	g, err := findPrograms(ctx, in)
	if err != nil {
		return nil, err
	}
	file, err := g.open(ctx, in, kind)
	if err != nil {
		return nil, errors.Join(lang.Errorf("%s: %w", in.Name, err), g.close())
	}
	return file, nil
}

func (g *programs) open(ctx context.Context, in record.Input, kind kind) (*record.File, error) {
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
		Notes: []lang.Label{lang.Bothf("read by ogr2ogr of GDAL %s (driver %s, layer %s); coordinates were not "+
			"transformed",
			g.version, s.driver, layer.name)},
	}
	file.OnClose(g.close)
	if layer.wkt != "" {
		file.Said = record.Said{Where: "ogr2ogr", Text: layer.wkt}
	}
	reading := reading{g: g, source: s, size: size, limits: file.Limits}
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

// source is a file as it is given to GDAL.
type source struct {
	in       record.Input
	kind     kind
	path     string   // absolute
	driver   string   // the only one that may open it
	open     []string // -oo NAME=VALUE …
	settings []string // of the environment
	charset  lang.Label
}

// source decides how GDAL opens the file.
func (g *programs) source(ctx context.Context, in record.Input, kind kind) (*source, error) {
	s := &source{in: in, kind: kind, charset: lang.Bothf("converted by ogr2ogr")}
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
		return s, checkVirtualTables(ctx, in)
	}
	return s, nil
}

// dxf sets the encoding of a drawing, which must be complete.
func (s *source) dxf() error {
	if err := dxfComplete(s.in); err != nil {
		return err
	}
	encoding, how, err := dxfEncoding(s.in)
	if err != nil || encoding == "" {
		return err
	}
	s.settings = []string{"DXF_ENCODING=" + encoding}
	s.charset = lang.Bothf("converted by ogr2ogr from %s (%s)", encoding, how)
	return nil
}
