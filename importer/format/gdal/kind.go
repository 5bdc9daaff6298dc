package gdal

import (
	"bytes"
	"slices"
)

// kind is a format that is read through ogr2ogr. No other drivers than these are used:
// none for VRT, for services, or for databases on a server.
type kind struct {
	title      string
	extensions []string
	drivers    []string // of GDAL, the preferred one first
	companions []string // extensions of files that belong to one
	options    []string // for opening (-oo)
	looks      func(head []byte) bool
	counts     bool // declares its number of features, and must have them
	named      bool // recognised only with its extension, because others look the same
}

func kinds() []kind {
	return []kind{
		{title: "DXF", extensions: []string{".dxf"}, drivers: []string{"DXF"}, looks: isDXF},
		{title: "KML", extensions: []string{".kml"}, drivers: []string{"LIBKML", "KML"},
			looks: isXML("<kml", ":kml")},
		{title: "KMZ", extensions: []string{".kmz"}, drivers: []string{"LIBKML"},
			looks: begins("PK\x03\x04"), named: true},
		{title: "GML", extensions: []string{".gml"}, drivers: []string{"GML"}, companions: []string{".xsd", ".gfs"},
			options: []string{"WRITE_GFS=NO", "DOWNLOAD_SCHEMA=NO"}, looks: isXML("opengis.net/gml")},
		{title: "GPX", extensions: []string{".gpx"}, drivers: []string{"GPX"}, looks: isXML("<gpx")},
		{title: "MapInfo TAB", extensions: []string{".tab"}, drivers: []string{"MapInfo File"},
			companions: []string{".dat", ".map", ".id", ".ind"}, looks: contains("!table")},
		{title: "MapInfo MIF", extensions: []string{".mif"}, drivers: []string{"MapInfo File"},
			companions: []string{".mid"}, looks: contains("version"), named: true},
		{title: "FlatGeobuf", extensions: []string{".fgb"}, drivers: []string{"FlatGeobuf"},
			looks: begins("fgb\x03"), counts: true},
		{title: "SQLite", extensions: []string{".sqlite", ".sqlite3", ".db", ".spatialite"},
			drivers: []string{"SQLite"}, looks: begins("SQLite format 3\x00")},
		{title: "ODS", extensions: []string{".ods"}, drivers: []string{"ODS"},
			looks: begins("PK\x03\x04"), named: true},
		{title: folderTitle, extensions: []string{".gdb"}, drivers: []string{"OpenFileGDB"}, looks: never},
	}
}

// folderTitle is the format whose files are folders.
const folderTitle = "File Geodatabase"

// has reports whether files of the kind have the extension.
func (k kind) has(extension string) bool { return slices.Contains(k.extensions, extension) }

func never([]byte) bool { return false }

func begins(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

// contains reports a word near the beginning, in any letter case.
func contains(word string) func([]byte) bool {
	return func(head []byte) bool {
		return bytes.Contains(bytes.ToLower(head[:min(len(head), 1024)]), []byte(word))
	}
}

func isXML(words ...string) func([]byte) bool {
	return func(head []byte) bool {
		text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
		return bytes.HasPrefix(text, []byte("<")) && slices.ContainsFunc(words, func(word string) bool {
			return bytes.Contains(text, []byte(word))
		})
	}
}
