package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

func TestTheGuideNamesEveryFormat(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "import.md"))
	recordtest.Must(t, err)
	_, section, _ := strings.Cut(string(guide), "## Formats")
	table, _, _ := strings.Cut(section, "\n## ")
	for _, title := range Titles(Formats()) {
		if !strings.Contains(table, title) {
			t.Errorf("docs/import.md does not name %s", title)
		}
	}
}

func TestAFileIsRecognisedByContentThenByName(t *testing.T) {
	for _, c := range []struct {
		extension, head string
		want            string // "" when no reader takes it
	}{
		{".xlsx", record.ZIP, "XLSX"}, {".xls", record.OLE, "XLSX"}, {".csv", record.OLE, "XLSX"},
		{".zip", record.ZIP, ""}, {".csv", record.ZIP, ""}, {".geojson", record.ZIP, ""}, {".dbf", record.ZIP, ""},
		{".kmz", record.ZIP, "KMZ"}, {".ods", record.ZIP, "ODS"},
		{".csv", record.SHP, "Shapefile"}, {".shp", record.SHP, "Shapefile"}, {".cpg", "", "Shapefile"},
		{".gpkg", record.SQLite, "GeoPackage"}, {".csv", record.SQLite, "GeoPackage"}, {".db", record.SQLite, "SQLite"},
		{".csv", " {}", "GeoJSON"}, {".txt", "\ufeff[", "GeoJSON"}, {".geojson", "x", "GeoJSON"}, {".json", "x", ""},
		{".csv", "a,b", "CSV"}, {"", "a,b", "CSV"}, {".csv", "<kml", ""}, {".csv", " \n", ""}, {".geojson", "", ""},
		{".kml", "<kml>", "KML"}, {".dxf", "0\nSECTION\n", "DXF"},
	} {
		got := ""
		for _, f := range Formats() {
			if f.Recognises(record.Sample{Extension: c.extension, Head: []byte(c.head), Whole: true}) {
				got = f.Title
				break
			}
		}
		if got != c.want {
			t.Errorf("%q called %s is %q, want %q", c.head, c.extension, got, c.want)
		}
	}
}

func TestAPDFIsRefusedWithTheFormatsThatAreRead(t *testing.T) {
	path := recordtest.Stored(t, "a.pdf", []byte("%PDF-1.7"))
	_, err := Open(t.Context(), path, record.Options{})
	if err == nil || !strings.Contains(err.Error(), strings.Join(Titles(Own()), ", ")) {
		t.Errorf("%v, want one of kind %v", err, geo.ErrInvalid)
	}
}
