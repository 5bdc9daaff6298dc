package geojson

import (
	"slices"

	"yizhan/importer/record"
)

// Extensions are those of GeoJSON, as one collection or as a sequence of features.
func Extensions() []string {
	return []string{".geojson", ".json", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"}
}

// Recognises reports a text that begins like JSON or whose extension is only GeoJSON's.
func Recognises(s record.Sample) bool {
	return !s.Binary() && !s.Blank() && (slices.Contains([]byte{'{', '[', RecordSeparator}, s.First()) ||
		s.Named(".geojson", ".geojsonl", ".ndjson", ".geojsons"))
}
