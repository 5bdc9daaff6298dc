package importer

import (
	"errors"
	"strconv"

	"github.com/go-faster/jx"
)

// geojson parses features of GeoJSON into checked rows. One goroutine uses it.
type geojson struct {
	*checker
	decoder *jx.Decoder
	shape   geometry
	order   []place // where each property of the last feature went, in its order
	turn    int
	each    func(*jx.Decoder, []byte) error // property, made once
}

// place is a property name and the column that it fills, -1 for none.
type place struct {
	name   string
	column int
	exact  bool // the name is the column's to the letter
}

func newGeoJSON(t *Target, limits Limits) *geojson {
	p := &geojson{checker: newChecker(t, limits), decoder: jx.DecodeBytes(nil), shape: geometry{most: limits.Vertices}}
	p.each = p.property
	return p
}

// parse reads one feature; on a rejection the row is not to be used.
func (p *geojson) parse(data []byte, s span) (*Row, *Rejection) {
	p.begin(s.position, s.offset)
	err := error(&flaw{reason: TooDeep})
	if !s.deep {
		err = p.feature(data)
	}
	if err != nil {
		return nil, p.reject(err)
	}
	p.row.Geometry = p.shape.out
	if p.shape.flattened {
		p.flat++
	}
	return &p.row, nil
}

// feature reads the members of a Feature (RFC 7946, 3.2), all of them whatever is
// wrong with one, so that a rejection can name the key.
func (p *geojson) feature(data []byte) error {
	p.decoder.ResetBytes(data)
	if p.decoder.Next() != jx.Object {
		return &flaw{reason: NotFeature}
	}
	var isFeature bool
	var geometries, lists int
	var wrong error // with the geometry
	err := p.decoder.ObjBytes(func(d *jx.Decoder, key []byte) error {
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
			p.turn = 0
			return d.ObjBytes(p.each)
		case "geometry":
			geometries++
			err := p.geometry(d)
			if known := (*flaw)(nil); errors.As(err, &known) {
				wrong, err = err, nil
			}
			return err
		}
		return d.Skip()
	})
	switch {
	case err != nil:
		return err
	case !isFeature:
		return &flaw{reason: NotFeature}
	case geometries > 1:
		return &flaw{reason: RepeatedField, field: "geometry"}
	case lists > 1:
		return &flaw{reason: RepeatedField, field: "properties"}
	case geometries == 0:
		wrong = &flaw{reason: NoGeometry}
	}
	if wrong != nil {
		return wrong
	}
	if p.wrong != nil {
		return p.wrong
	}
	return p.finish()
}

// property reads one attribute. Most features have the same properties in the
// same order, so the column is usually found without a search.
func (p *geojson) property(d *jx.Decoder, key []byte) error {
	if p.turn >= len(p.order) || p.order[p.turn].name != string(key) {
		p.order = append(p.order[:p.turn], p.find(key))
	}
	to := p.order[p.turn]
	p.turn++
	if to.column < 0 {
		p.leaveOut(to.name)
		return d.Skip()
	}
	switch d.Next() {
	case jx.Null:
		p.setNull(to)
		return d.Null()
	case jx.String:
		text, err := d.StrBytes()
		if err == nil {
			p.set(to, text)
		}
		return err
	case jx.Number:
		text, err := d.Num()
		if err == nil {
			p.set(to, text)
		}
		return err
	case jx.Bool:
		truth, err := d.Bool()
		if err == nil {
			p.set(to, strconv.AppendBool(nil, truth))
		}
		return err
	}
	text, err := d.Raw()
	if err == nil {
		p.set(to, text)
	}
	return err
}

// geometry reads type and coordinates, in whichever order they stand.
func (p *geojson) geometry(d *jx.Decoder) error {
	switch d.Next() {
	case jx.Null:
		if err := d.Null(); err != nil {
			return err
		}
		return &flaw{reason: NoGeometry}
	case jx.Object:
	default:
		if err := d.Skip(); err != nil {
			return err
		}
		return &flaw{reason: BadCoordinates}
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
		return err
	}
	return p.shape.encode(name, coordinates, p.target)
}
