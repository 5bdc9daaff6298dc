package importer

import (
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Advice is what a reason means and what the planner can do, in both languages.
type Advice struct {
	What   lang.Label `json:"what"`
	Remedy lang.Label `json:"remedy"`
}

// AdviceOn explains a reason.
func AdviceOn(r record.Reason) Advice {
	for _, advice := range []func(record.Reason) (Advice, bool){
		adviceOnFiles, adviceOnShapes, adviceOnPlaces, adviceOnValues, adviceOnKeys,
	} {
		if a, known := advice(r); known {
			return a
		}
	}
	return Advice{lang.Label{EN: string(r)}, correct()}
}

func correct() lang.Label { return lang.Bothf("correct it in the source and import the file again") }

// adviceOnFiles explains reasons that lie in how a record is written.
func adviceOnFiles(r record.Reason) (Advice, bool) {
	switch r {
	case record.NotFeature:
		return Advice{lang.Bothf("not a GeoJSON feature"),
			lang.Bothf("check the structure of the file, or export it again")}, true
	case record.BadJSON:
		return Advice{lang.Bothf("not valid JSON"), lang.Bothf("the file may be damaged; export it again")}, true
	case record.BadRecord:
		return Advice{lang.Bothf("incomplete row, or a different number of cells than the header"),
			lang.Bothf("check its separators and quotation marks")}, true
	case record.TooDeep:
		return Advice{lang.Bothf("nested too deeply"), lang.Bothf("simplify the attributes")}, true
	case record.TooLarge:
		return Advice{lang.Bothf("too many vertices, or text too long"), lang.Bothf("simplify or split it")}, true
	case record.BadText:
		return Advice{lang.Bothf("text not in the file's encoding, or containing a NUL character"),
			lang.Bothf("specify the encoding with --encoding, or save the file as UTF-8")}, true
	}
	return Advice{}, false
}

// adviceOnShapes explains reasons that lie in the geometry itself.
func adviceOnShapes(r record.Reason) (Advice, bool) {
	survey := lang.Bothf("survey it, or remove the row from the file")
	switch r {
	case record.NoGeometry:
		return Advice{lang.Bothf("no geometry"), survey}, true
	case record.EmptyGeometry:
		return Advice{lang.Bothf("empty geometry"), survey}, true
	case record.WrongKind:
		return Advice{lang.Bothf("geometry type differs from the layer's"),
			lang.Bothf("import it into a layer of that type")}, true
	case record.SeveralParts:
		return Advice{lang.Bothf("several parts, but the layer takes one per feature"),
			lang.Bothf("split it into single-part features, " +
				"or have the layer's geometry column changed to a Multi type")}, true
	case record.BadRing:
		return Advice{lang.Bothf("ring not closed, or fewer than four points"), correct()}, true
	case record.InvalidShape:
		return Advice{lang.Bothf("invalid polygon (self-intersecting, hole outside, …)"),
			lang.Bothf("repair it in a GIS (QGIS: Fix geometries) and import the file again")}, true
	}
	return Advice{}, false
}

// adviceOnPlaces explains reasons that lie in coordinates.
func adviceOnPlaces(r record.Reason) (Advice, bool) {
	switch r {
	case record.BadCoordinates:
		return Advice{lang.Bothf("coordinates are not a pair of numbers"), correct()}, true
	case record.OutOfRange:
		return Advice{lang.Bothf("coordinates outside ±180/±90 degrees"),
			lang.Bothf("the file may have projected coordinates in metres; specify the system with --crs")}, true
	case record.OutsideCity:
		return Advice{lang.Bothf("outside the city"),
			lang.Bothf("check the coordinates and their system (--crs); " +
				"for data of another place, add --anywhere")}, true
	case record.SwappedAxes:
		return Advice{lang.Bothf("latitude beyond ±90: longitude and latitude may be swapped"),
			lang.Bothf("add --axes north-first, or export the file again with longitude first")}, true
	case record.NearDuplicate:
		return Advice{lang.Bothf("almost in the same place as another of its kind: possibly surveyed twice"),
			lang.Bothf("find out which is right and remove the other from the file, or correct its place")}, true
	}
	return Advice{}, false
}

// adviceOnValues explains reasons that lie in attributes.
func adviceOnValues(r record.Reason) (Advice, bool) {
	switch r {
	case record.MissingValue:
		return Advice{lang.Bothf("required value missing"), lang.Bothf("fill it in and import the file again")}, true
	case record.WrongType:
		return Advice{lang.Bothf("value of the wrong type"), correct()}, true
	case record.NotListed:
		return Advice{lang.Bothf("value not in the field's list"), correct()}, true
	case record.RepeatedField:
		return Advice{lang.Bothf("same field twice"), correct()}, true
	case record.ImpossibleDate:
		return Advice{lang.Bothf("not a calendar date"), correct()}, true
	case record.BreaksRule:
		return Advice{lang.Bothf("breaks a rule of the table"), correct()}, true
	}
	return Advice{}, false
}

// adviceOnKeys explains reasons that lie in the key.
func adviceOnKeys(r record.Reason) (Advice, bool) {
	switch r {
	case record.DuplicateKey:
		return Advice{lang.Bothf("key of an earlier row (the first was kept)"),
			lang.Bothf("give every row its own key")}, true
	case record.KeyTaken:
		return Advice{lang.Bothf("key already in the layer"),
			lang.Bothf("to update existing rows, import with --mode merge")}, true
	}
	return Advice{}, false
}
