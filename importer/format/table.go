package format

import (
	"slices"

	"yizhan/importer/format/csv"
	"yizhan/importer/format/gdal"
	"yizhan/importer/format/geojson"
	"yizhan/importer/format/gpkg"
	"yizhan/importer/format/shapefile"
	"yizhan/importer/format/xlsx"
	"yizhan/importer/record"
)

// Own are the formats with a reader of ours. A file is opened by the first that
// recognises it, so those that are recognised by their bytes stand before those of text.
func Own() []record.Format {
	return []record.Format{
		{Title: "XLSX", Extensions: []string{".xlsx", ".xlsm"}, Recognises: xlsx.Recognises, Open: xlsx.Open},
		{Title: "Shapefile", Extensions: []string{".shp"}, Recognises: shapefile.Recognises, Open: shapefile.Open},
		{Title: "GeoPackage", Extensions: []string{".gpkg"}, Recognises: gpkg.Recognises, Open: gpkg.Open},
		{Title: "GeoJSON", Extensions: geojson.Extensions(), Recognises: geojson.Recognises, Open: geojson.Open},
		{Title: "CSV", Extensions: []string{".csv", ".tsv"}, Recognises: csv.Recognises, Open: csv.Open},
	}
}

// Formats are all formats: those with a reader of ours, and those read through ogr2ogr.
func Formats() []record.Format { return append(Own(), Others()...) }

// Others are the formats that are read through ogr2ogr.
func Others() []record.Format { return gdal.Formats() }

// Titles are those of formats, in their order.
func Titles(formats []record.Format) (titles []string) {
	for _, f := range formats {
		titles = append(titles, f.Title)
	}
	return titles
}

// isDataset reports whether files with the extension are data sets on their own or with
// the companion files beside them.
func isDataset(extension string) bool {
	return slices.ContainsFunc(Formats(), func(f record.Format) bool {
		return slices.Contains(f.Extensions, extension)
	})
}
