package gpkg

import (
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// parseBlob fills the shape from a geometry as GeoPackages hold it: a header, possibly
// an envelope, and well-known binary (OGC 12-128r18, 2.1.3). The coordinate system and
// the envelope are not used.
func parseBlob(b []byte, s *record.Shape, l record.Limits) *record.Fault {
	s.Reset()
	const head = 8 // bytes: magic, version, flags, srs_id
	switch {
	case len(b) < head || b[0] != 'G' || b[1] != 'P':
		return notGeoPackage()
	case b[2] != 0:
		return badGeometry(lang.Bothf("GeoPackage geometry of unknown version %d", b[2]))
	}
	const extended, empty = 0x20, 0x10
	flags := b[3]
	if flags&extended != 0 {
		return wrongType("ExtendedGeoPackageBinary")
	}
	envelopes := [...]int{0, 32, 48, 48, 64} // bytes, by the indicator
	indicator := int(flags >> 1 & 7)
	if indicator >= len(envelopes) {
		return badGeometry(lang.Bothf("the envelope indicator is not valid"))
	}
	if b = b[head:]; len(b) < envelopes[indicator] {
		return incomplete()
	}
	if flags&empty != 0 {
		return &record.Fault{Reason: record.EmptyGeometry}
	}
	return parseWKB(b[envelopes[indicator]:], s, l)
}

func badGeometry(detail lang.Label) *record.Fault {
	return &record.Fault{Reason: record.BadCoordinates, Detail: detail}
}

func notGeoPackage() *record.Fault { return badGeometry(lang.Bothf("not a GeoPackage geometry")) }

func incomplete() *record.Fault { return badGeometry(lang.Bothf("the geometry is incomplete")) }

// wrongType is the fault of a geometry of a type that is not imported.
func wrongType(name string) *record.Fault {
	return &record.Fault{Reason: record.WrongKind, Value: name,
		Detail: lang.Bothf("expected points, lines, polygons or multiples of them")}
}
