package geojson

import (
	"github.com/go-faster/jx"

	"yizhan/importer/record"
)

// decoder decodes features of GeoJSON. One goroutine uses it.
type decoder struct {
	decoder *jx.Decoder
	shape   positions
	record  *record.Record
	arena   []byte                          // texts of the record that the decoder does not keep
	each    func(*jx.Decoder, []byte) error // property, made once
}

func NewDecoder(limits record.Limits) record.Decoder {
	g := &decoder{decoder: jx.DecodeBytes(nil), shape: positions{most: limits.WithDefaults().Vertices}}
	g.each = g.property
	return g
}

// Decode reads the members of a Feature (RFC 7946, 3.2), all of them whatever is
// wrong with one, so that a rejection can name the key.
func (g *decoder) Decode(data []byte, rec *record.Record) {
	rec.Shape.Reset()
	rec.Values, rec.Fault = rec.Values[:0], nil
	g.record, g.shape.shape, g.arena = rec, &rec.Shape, g.arena[:0]
	g.decoder.ResetBytes(data)
	if g.decoder.Next() != jx.Object {
		rec.Fault = &record.Fault{Reason: record.NotFeature}
		return
	}
	var isFeature bool
	var geometries, lists int
	var wrong *record.Fault // with the geometry
	err := g.decoder.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "type":
			if d.Next() != jx.String {
				return d.Skip()
			}
			name, err := d.StrBytes()
			isFeature = string(name) == "Feature"
			return err
		case "properties":
			lists++
			if d.Next() != jx.Object {
				return d.Skip()
			}
			return d.ObjBytes(g.each)
		case "geometry":
			geometries++
			fault, err := g.geometry(d)
			if fault != nil {
				wrong = fault
			}
			return err
		}
		return d.Skip()
	})
	switch {
	case err != nil:
		rec.Fault = &record.Fault{Reason: record.BadJSON}
	case !isFeature:
		rec.Fault = &record.Fault{Reason: record.NotFeature}
	case geometries > 1:
		rec.Fault = &record.Fault{Reason: record.RepeatedField, Field: "geometry"}
	case lists > 1:
		rec.Fault = &record.Fault{Reason: record.RepeatedField, Field: "properties"}
	case geometries == 0:
		rec.Fault = &record.Fault{Reason: record.NoGeometry}
	default:
		rec.Fault = wrong
	}
}

// property reads one attribute. Names and texts lie in the feature's own bytes,
// or in the decoder's when they have escapes; those are kept apart.
func (g *decoder) property(d *jx.Decoder, key []byte) error {
	v := record.Value{Name: g.hold(key)}
	var err error
	switch d.Next() {
	case jx.Null:
		err = d.Null()
	case jx.String:
		v.Kind = record.Text
		v.Text, err = d.StrBytes()
		v.Text = g.hold(v.Text)
	case jx.Number:
		v.Kind = record.Number
		var n jx.Num
		n, err = d.Num()
		v.Text = g.hold(n)
	case jx.Bool:
		var truth bool
		truth, err = d.Bool()
		v.Kind, v.Text = record.Boolean, []byte("false")
		if truth {
			v.Text = []byte("true")
		}
	default:
		v.Kind = record.Nested
		var raw jx.Raw
		raw, err = d.Raw()
		v.Text = g.hold(raw)
	}
	if err == nil {
		g.record.Values = append(g.record.Values, v)
	}
	return err
}

// hold keeps bytes until the next record.
func (g *decoder) hold(b []byte) []byte {
	start := len(g.arena)
	g.arena = append(g.arena, b...)
	return g.arena[start:len(g.arena):len(g.arena)]
}

// geometry reads type and coordinates, in whichever order they stand.
func (g *decoder) geometry(d *jx.Decoder) (*record.Fault, error) {
	switch d.Next() {
	case jx.Null:
		return &record.Fault{Reason: record.NoGeometry}, d.Null()
	case jx.Object:
	default:
		return &record.Fault{Reason: record.BadCoordinates}, d.Skip()
	}
	var name, coordinates []byte
	err := d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
		switch {
		case string(key) == "type" && d.Next() == jx.String:
			name, err = d.StrBytes() // stays as it is: the decoder reads from the feature's own bytes
			return err
		case string(key) == "coordinates":
			coordinates, err = d.Raw()
			return err
		}
		return d.Skip()
	})
	if err != nil {
		return nil, err
	}
	g.shape.shape.Reset()
	return g.shape.read(name, coordinates), nil
}
