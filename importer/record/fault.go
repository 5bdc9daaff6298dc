package record

import "yizhan/internal/lang"

// Fault is what is wrong with a record, by the code of a reason.
type Fault struct {
	Reason string // such as "bad_coordinates"
	Field  string
	Value  string // short
	Detail lang.Label
}

// Codes of faults that readers find.
const (
	NotFeature     = "not_a_feature"
	BadJSON        = "bad_json"
	BadRecord      = "bad_record"
	TooDeep        = "too_deep"
	TooLarge       = "too_large"
	NoGeometry     = "no_geometry"
	EmptyGeometry  = "empty_geometry"
	WrongKind      = "wrong_geometry_kind"
	BadCoordinates = "bad_coordinates"
	BadRing        = "bad_ring"
	BadText        = "bad_text"
	RepeatedField  = "repeated_field"
)
