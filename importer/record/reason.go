package record

// Reason is why a row was rejected; the code is stable.
type Reason string

// Reasons of rejection: those that readers find, and those that checks find later.
const (
	NotFeature     Reason = "not_a_feature"
	BadJSON        Reason = "bad_json"
	TooDeep        Reason = "too_deep"
	TooLarge       Reason = "too_large"
	NoGeometry     Reason = "no_geometry"
	EmptyGeometry  Reason = "empty_geometry"
	WrongKind      Reason = "wrong_geometry_kind"
	SeveralParts   Reason = "several_parts"
	BadCoordinates Reason = "bad_coordinates"
	OutOfRange     Reason = "coordinates_out_of_range"
	SwappedAxes    Reason = "coordinates_swapped"
	BadRing        Reason = "bad_ring"
	InvalidShape   Reason = "invalid_geometry"
	MissingValue   Reason = "missing_value"
	WrongType      Reason = "wrong_type"
	BadText        Reason = "bad_text"
	NotListed      Reason = "not_in_list"
	RepeatedField  Reason = "repeated_field"
	DuplicateKey   Reason = "duplicate_key"
	BreaksRule     Reason = "breaks_rule"
	BadRecord      Reason = "bad_record"
	OutsideCity    Reason = "outside_city"
	ImpossibleDate Reason = "impossible_date"
	NearDuplicate  Reason = "near_duplicate"
	KeyTaken       Reason = "key_in_layer"
)
