package gdal

import (
	"slices"

	"yizhan/importer/record"
)

// Formats are those that are read through ogr2ogr.
func Formats() (formats []record.Format) {
	for _, k := range kinds() {
		formats = append(formats, record.Format{Title: k.title, Extensions: k.extensions, Open: Open,
			Recognises: func(s record.Sample) bool {
				return slices.Contains(k.extensions, s.Extension) && k.looks(s.Head)
			}})
	}
	return formats
}
