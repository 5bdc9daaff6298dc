package importer

import "yizhan/internal/lang"

// note is a conversion of the values of a column, without which they could not be imported.
type note struct {
	kind   noteKind
	column int
}

// noteKind is a conversion; the code is stable.
type noteKind string

// Conversions of values.
const (
	separatorsDropped noteKind = "separators"
	widthNarrowed     noteKind = "full_width"
	labelTaken        noteKind = "label"
)

// Noted is a conversion of the values of a field, and of how many.
type Noted struct {
	Kind     string     `json:"kind"`
	Field    string     `json:"field,omitempty"`
	Features int64      `json:"features"`
	What     lang.Label `json:"what"`
}

// what is done to so many values.
func (k noteKind) what(values int64) lang.Label {
	n := lang.Thousands(values)
	switch k {
	case separatorsDropped:
		return lang.Bothf("thousands separators removed from numbers: %s", n)
	case widthNarrowed:
		return lang.Bothf("full-width characters read as half-width: %s", n)
	}
	return lang.Bothf("labels converted to codes: %s", n)
}
