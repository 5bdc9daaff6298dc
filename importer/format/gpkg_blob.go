package format

import (
	"strconv"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// parseGeoPackageBlob fills the shape from a geometry as GeoPackages hold it: a
// header, perhaps an envelope, and well-known binary (OGC 12-128r18, 2.1.3).
// The system it names and the envelope are not needed.
func parseGeoPackageBlob(b []byte, s *record.Shape, l record.Limits) *record.Fault {
	s.Reset()
	const head = 8 // bytes: magic, version, flags, srs_id
	switch {
	case len(b) < head || b[0] != 'G' || b[1] != 'P':
		return badGeometry("不是 GeoPackage 几何", "this is no geometry of a GeoPackage")
	case b[2] != 0:
		return badGeometry("GeoPackage 几何版本 "+strconv.Itoa(int(b[2]))+" 未知", "geometry version "+strconv.Itoa(int(b[2]))+" is not known")
	}
	const extended, empty = 0x20, 0x10
	flags := b[3]
	if flags&extended != 0 {
		return &record.Fault{Reason: record.WrongKind, Value: "ExtendedGeoPackageBinary",
			Detail: lang.Label{ZH: "只收点、线、面及其多部件", EN: "points, lines, polygons and multiples of them are taken"}}
	}
	envelopes := [...]int{0, 32, 48, 48, 64} // bytes, by the indicator
	indicator := int(flags >> 1 & 7)
	if indicator >= len(envelopes) {
		return badGeometry("外包矩形标志无效", "the envelope indicator is not valid")
	}
	if b = b[head:]; len(b) < envelopes[indicator] {
		return breaksOff()
	}
	if flags&empty != 0 {
		return &record.Fault{Reason: record.EmptyGeometry}
	}
	return parseWKB(b[envelopes[indicator]:], s, l)
}
