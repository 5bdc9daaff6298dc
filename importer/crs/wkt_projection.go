package crs

import (
	"fmt"
	"math"
	"strings"

	"yizhan/internal/lang"
)

// parameters are those of a transverse Mercator projection, in degrees and metres.
type parameters struct {
	meridian, latitude, scale, easting, northing float64
}

// named is the parameter by its name in version 1, at ESRI or at EPSG; nil for others.
func (p *parameters) named(name string) *float64 {
	switch bare(name) {
	case "centralmeridian", "longitudeofnaturalorigin", "longitudeoforigin", "longitudeofcenter",
		"longitudeoffalseorigin":
		return &p.meridian
	case "latitudeoforigin", "latitudeofnaturalorigin", "latitudeofcenter":
		return &p.latitude
	case "scalefactor", "scalefactoratnaturalorigin":
		return &p.scale
	case "falseeasting", "eastingatfalseorigin":
		return &p.easting
	case "falsenorthing", "northingatfalseorigin":
		return &p.northing
	}
	return nil
}

// projection recognises a projected system on a datum.
func projection(n *node, datum Datum) (System, error) {
	if unit := unitOf(n); unit != 0 && math.Abs(unit-1) > 1e-9 {
		return System{}, lang.Errorf("units of %g m are not supported; only metres are", unit)
	}
	at, method := n, n.child("PROJECTION").name()
	if conversion := n.child("CONVERSION"); conversion != nil {
		at, method = conversion, conversion.child("METHOD", "PROJECTION").name()
	}
	p := parameters{scale: 1}
	for _, c := range at.nodes {
		to := p.named(c.name())
		if c.keyword != "PARAMETER" || to == nil {
			continue
		}
		if len(c.values) < 2 {
			return System{}, lang.Errorf("parameter %.40q has no value", c.name())
		}
		value, err := decimal(c.values[1])
		if err != nil || math.Abs(value) > 1e9 {
			return System{}, lang.Errorf("parameter %.40q: %.40q is not a number", c.name(), c.values[1])
		}
		*to = value
	}
	b, extension := bare(method), n.child("EXTENSION")
	onSphere := b == "mercator1sp" && extension != nil &&
		strings.Contains(strings.Join(extension.values, " "), "+a=6378137 +b=6378137") // GDAL's way
	switch {
	case onSphere, strings.Contains(b, "auxiliarysphere"),
		strings.Contains(b, "popularvisualisation"), strings.Contains(b, "popularvisualization"):
		if datum == WGS84 && p == (parameters{scale: 1}) {
			return byCode(3857), nil
		}
		return System{}, lang.Errorf("non-standard web Mercator projection")
	case b == "gausskruger", b == "gausskrueger", b == "transversemercator":
		if datum == "" {
			return System{}, unknownDatum(n.child(geographicWKT...))
		}
		return transverse(p, datum)
	case b == "":
		return System{}, lang.Errorf("no projection named in it")
	}
	return System{}, lang.Errorf("no EPSG code, and projection %.60q is not supported", method)
}

// transverse is the system of a transverse Mercator projection: by code where
// there is one, else by its PROJ string.
func transverse(p parameters, datum Datum) (System, error) {
	if math.Abs(p.meridian) > 180 || math.Abs(p.latitude) > 90 || p.scale < 0.5 || p.scale > 2 {
		return System{}, lang.Errorf("impossible projection: central meridian %g, latitude of origin %g, scale %g",
			p.meridian, p.latitude, p.scale)
	}
	zone := (p.meridian + 183) / 6
	if datum == WGS84 && p.latitude == 0 && p.scale == 0.9996 && p.easting == plain && zone == math.Floor(zone) {
		switch p.northing {
		case 0:
			return byCode(32600 + int(zone)), nil
		case 10_000_000:
			return byCode(32700 + int(zone)), nil
		}
	}
	if p.latitude == 0 && p.scale == 1 && p.northing == 0 {
		if s, ok := gridSystem(datum, grid{p.meridian, p.easting}); ok {
			return s, nil
		}
	}
	definition := fmt.Sprintf("+proj=tmerc +lat_0=%s +lon_0=%s +k=%s +x_0=%s +y_0=%s %s +units=m +no_defs",
		degrees(p.latitude), degrees(p.meridian), degrees(p.scale),
		degrees(p.easting), degrees(p.northing), ellipsoid(datum))
	return System{
		Name: definition, PROJ: definition, Datum: datum,
		Title: lang.Bothf("%s transverse Mercator, central meridian %s°", datum, degrees(p.meridian)),
	}, nil
}
