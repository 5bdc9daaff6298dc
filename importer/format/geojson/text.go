package geojson

import (
	"bytes"
	"encoding/json"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// memberSet are what a collection says of itself beside its features.
type memberSet struct {
	kind string
	crs  []byte
}

// text begins a JSON text at the top level: a Feature is taken whole, of a
// FeatureCollection everything up to its first feature.
func (s *splitter) text(at int) (int, error) {
	m := memberSet{}
	featureLike := false
	for place := at + 1; ; {
		key, value, closed, err := s.member(place)
		if err != nil || value < 0 {
			return value, err
		}
		if closed {
			if m.kind != "Feature" && !featureLike {
				return 0, s.notCollection(at, m.kind)
			}
			break
		}
		if string(key) == "features" && s.window[value] == '[' && m.kind != "Feature" {
			s.members, s.state, s.seen = m, firstElement, true
			return value + 1, s.keepCRS()
		}
		featureLike = featureLike || string(key) == "geometry" || string(key) == "properties"
		end, _ := valueEnd(s.window, value)
		if end < 0 {
			return -1, nil
		}
		m.note(key, s.window[value:end])
		if m.kind == "Feature" {
			break
		}
		if place = skipSpace(s.window, end); place == len(s.window) {
			return -1, nil
		}
		if s.window[place] == ',' {
			place++
		}
	}
	end := s.take(at)
	s.seen = s.seen || end >= 0
	return end, nil
}

// notCollection is the error of a text that holds no features.
func (s *splitter) notCollection(at int, kind string) error {
	if kind == "FeatureCollection" {
		return lang.Errorf("byte %d: the FeatureCollection has no list of features: %w",
			s.base+int64(at), geo.ErrInvalid)
	}
	return lang.Errorf("byte %d: the object has type %q; expected a FeatureCollection, or one Feature per line: %w",
		s.base+int64(at), record.Short(kind), geo.ErrInvalid)
}

// afterList takes what stands behind the features of a collection.
func (s *splitter) afterList(at int) (int, error) {
	switch s.window[at] {
	case '}':
		s.state = top
		if s.members.kind != "" && s.members.kind != "FeatureCollection" {
			return 0, s.notCollection(at, s.members.kind)
		}
		err := s.keepCRS()
		s.members = memberSet{}
		return at + 1, err
	case ',':
		key, value, closed, err := s.member(at + 1)
		if err != nil || value < 0 || closed {
			if closed {
				err = s.stranger(value)
			}
			return value, err
		}
		end, _ := valueEnd(s.window, value)
		if end < 0 {
			return -1, nil
		}
		if string(key) == "features" {
			return 0, lang.Errorf("byte %d: the collection has two lists of features: %w",
				s.base+int64(at), geo.ErrInvalid)
		}
		s.members.note(key, s.window[value:end])
		return end, nil
	}
	return 0, lang.Errorf("byte %d: expected the end of the collection, found %q: %w",
		s.base+int64(at), s.window[at], geo.ErrInvalid)
}

// member reads a key and finds the value behind it. value is -1 when more bytes
// are needed; closed means that the object ends there instead.
func (s *splitter) member(at int) (key []byte, value int, closed bool, err error) {
	w := s.window
	if at = skipSpace(w, at); at == len(w) {
		return nil, -1, false, nil
	}
	if w[at] == '}' {
		return nil, at, true, nil
	}
	if w[at] != '"' {
		return nil, 0, false,
			lang.Errorf("byte %d: expected the name of a member, found %q; check that the file is GeoJSON: %w",
				s.base+int64(at), w[at], geo.ErrInvalid)
	}
	end := stringEnd(w, at)
	if end < 0 {
		return nil, -1, false, nil
	}
	colon := skipSpace(w, end)
	if colon == len(w) {
		return nil, -1, false, nil
	}
	if w[colon] != ':' {
		return nil, 0, false, lang.Errorf("byte %d: expected a colon, found %q; check that the file is GeoJSON: %w",
			s.base+int64(colon), w[colon], geo.ErrInvalid)
	}
	value = skipSpace(w, colon+1)
	if value == len(w) {
		return nil, -1, false, nil
	}
	if !beginsValue(w[value]) {
		return nil, 0, false, lang.Errorf("byte %d: expected a value, found %q; check that the file is GeoJSON: %w",
			s.base+int64(value), w[value], geo.ErrInvalid)
	}
	return unescaped(w[at:end]), value, false, nil
}

// unescaped is the text of a JSON string that is given with its quotes.
func unescaped(quoted []byte) []byte {
	var text string
	if bytes.IndexByte(quoted, '\\') < 0 || json.Unmarshal(quoted, &text) != nil {
		return quoted[1 : len(quoted)-1]
	}
	return []byte(text)
}

func (m *memberSet) note(key, value []byte) {
	switch string(key) {
	case "type":
		if value[0] == '"' {
			m.kind = string(unescaped(value))
		}
	case "crs":
		m.crs = append(m.crs[:0], value...)
	}
}

// keepCRS notes what a collection says of its coordinates (the member "crs" of
// the GeoJSON of 2008, section 3). Two collections that say two things are refused.
func (s *splitter) keepCRS() error {
	crs := s.members.crs
	s.members.crs = nil
	if len(crs) == 0 || string(crs) == "null" {
		return nil
	}
	said := record.Said{Where: "crs", Text: crsName(crs)}
	if s.said != nil && *s.said != said {
		return lang.Errorf("the file states two coordinate systems, %q and %q; remove one: %w",
			record.Short(s.said.Text), record.Short(said.Text), geo.ErrInvalid)
	}
	s.said = &said
	return nil
}

// crsName is the name in a member crs, or its text when it names nothing.
func crsName(crs []byte) string {
	var said struct {
		Properties struct {
			Name string
			Code json.Number
		}
	}
	if json.Unmarshal(crs, &said) == nil {
		if said.Properties.Name != "" {
			return said.Properties.Name
		}
		if said.Properties.Code != "" {
			return "EPSG:" + said.Properties.Code.String()
		}
	}
	return string(crs)
}
