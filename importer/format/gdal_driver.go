package format

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// gdalKind is a format that is read through ogr2ogr. Only drivers of this table
// ever look at a file: none for VRT, for services, for databases on a server.
type gdalKind struct {
	title      string
	extensions []string
	drivers    []string // of GDAL, the preferred one first
	siblings   []string // extensions of files that go with it
	options    []string // for opening (-oo)
	looks      func(head []byte) bool
	counts     bool // declares its number of features, and it can be held to it
}

var gdalKinds = []gdalKind{
	{title: "DXF", extensions: []string{".dxf"}, drivers: []string{"DXF"}, looks: isDXF},
	{title: "KML", extensions: []string{".kml"}, drivers: []string{"LIBKML", "KML"}, looks: isXML("<kml", ":kml")},
	{title: "KMZ", extensions: []string{".kmz"}, drivers: []string{"LIBKML"}, looks: begins("PK\x03\x04")},
	{title: "GML", extensions: []string{".gml"}, drivers: []string{"GML"}, siblings: []string{".xsd", ".gfs"},
		options: []string{"WRITE_GFS=NO", "DOWNLOAD_SCHEMA=NO"}, looks: isXML("opengis.net/gml")},
	{title: "GPX", extensions: []string{".gpx"}, drivers: []string{"GPX"}, looks: isXML("<gpx")},
	{title: "MapInfo TAB", extensions: []string{".tab"}, drivers: []string{"MapInfo File"}, siblings: []string{".dat", ".map", ".id", ".ind"}, looks: holds("!table")},
	{title: "MapInfo MIF", extensions: []string{".mif"}, drivers: []string{"MapInfo File"}, siblings: []string{".mid"}, looks: holds("version")},
	{title: "FlatGeobuf", extensions: []string{".fgb"}, drivers: []string{"FlatGeobuf"}, looks: begins("fgb\x03"), counts: true},
	{title: "SQLite", extensions: []string{".sqlite", ".sqlite3", ".db", ".spatialite"}, drivers: []string{"SQLite"}, looks: begins("SQLite format 3\x00")},
	{title: "ODS", extensions: []string{".ods"}, drivers: []string{"ODS"}, looks: begins("PK\x03\x04")},
	{title: "File Geodatabase", extensions: []string{".gdb"}, drivers: []string{"OpenFileGDB"}},
}

func begins(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

// holds reports a word near the beginning, whatever its capitals.
func holds(word string) func([]byte) bool {
	return func(head []byte) bool {
		return bytes.Contains(bytes.ToLower(head[:min(len(head), 1024)]), []byte(word))
	}
}

func isXML(words ...string) func([]byte) bool {
	return func(head []byte) bool {
		text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
		return bytes.HasPrefix(text, []byte("<")) && slices.ContainsFunc(words, func(word string) bool { return bytes.Contains(text, []byte(word)) })
	}
}

// gdalHead is how much of a file is looked at to know what it is.
const gdalHead = 64 << 10

// gdalKindOf decides by content and extension which format a file is in, and
// refuses what must not come to GDAL: names of its virtual file systems, VRT
// (which can point anywhere), DWG, and files that are not what their name says.
func gdalKindOf(in record.Input) (gdalKind, error) {
	at, err := filepath.Abs(in.Path)
	if err != nil {
		return gdalKind{}, in.Unreadable(err)
	}
	if strings.HasPrefix(in.Path, "/vsi") || strings.HasPrefix(filepath.ToSlash(at), "/vsi") {
		return gdalKind{}, lang.Errorf("%s names no file but one of GDAL's virtual file systems (/vsi…), which are not used; name a file on disk: %w", in.Name, geo.ErrInvalid)
	}
	info, err := os.Stat(at)
	if err != nil {
		return gdalKind{}, in.Unreadable(err)
	}
	ext := strings.ToLower(filepath.Ext(at))
	if info.IsDir() {
		if i := slices.IndexFunc(gdalKinds, func(k gdalKind) bool { return k.looks == nil && slices.Contains(k.extensions, ext) }); i >= 0 {
			return gdalKinds[i], nil
		}
		return gdalKind{}, lang.Errorf("%s is a folder, and only a .gdb folder is read as one; name a file in it: %w", in.Name, geo.ErrInvalid)
	}
	if !info.Mode().IsRegular() {
		return gdalKind{}, in.Unreadable(errors.New("it is not a regular file"))
	}
	head, err := headOf(at, gdalHead)
	if err != nil {
		return gdalKind{}, in.Unreadable(err)
	}
	if err := refusedKind(in, ext, head); err != nil {
		return gdalKind{}, err
	}
	for _, k := range gdalKinds {
		if k.looks == nil || !slices.Contains(k.extensions, ext) {
			continue
		}
		if !k.looks(head) {
			return gdalKind{}, lang.Errorf("%s is called %s and its content is not %s; get the file anew or give it its right name: %w", in.Name, ext, k.title, geo.ErrInvalid)
		}
		return k, nil
	}
	for _, k := range gdalKinds { // an unknown name, such as .xml: by content alone, where that tells
		if k.looks != nil && k.title != "KMZ" && k.title != "ODS" && k.title != "MapInfo MIF" && k.looks(head) {
			return k, nil
		}
	}
	return gdalKind{}, lang.Errorf("%s is in no format that is read; convert it to GeoJSON, GeoPackage, shapefile, CSV, XLSX or DXF: %w", in.Name, geo.ErrInvalid)
}

// refusedKind are files that are told apart to say what to do with them.
func refusedKind(in record.Input, ext string, head []byte) error {
	plain := bytes.ToLower(bytes.ReplaceAll(head, []byte{0}, nil)) // UTF-16 too
	switch {
	case ext == ".vrt" || bytes.Contains(plain, []byte("<ogrvrt")) || bytes.Contains(plain, []byte("<vrtdataset")):
		return lang.Errorf("%s is a GDAL VRT, which only points at other data and is not followed; import the data itself: %w", in.Name, geo.ErrInvalid)
	case ext == ".dwg" || bytes.HasPrefix(head, []byte("AC10")):
		return lang.Errorf("%s is a DWG drawing, which only CAD programs read; save it there as DXF (ASCII): %w", in.Name, geo.ErrInvalid)
	case bytes.HasPrefix(head, []byte("AutoCAD Binary DXF")):
		return lang.Errorf("%s is a binary DXF, which is not read; save it as DXF (ASCII): %w", in.Name, geo.ErrInvalid)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return lang.Errorf("%s is packed with gzip, and ogr2ogr gets files as they are; unpack it: %w", in.Name, geo.ErrInvalid)
	}
	return nil
}

// headOf reads the first bytes of a file, at most n.
func headOf(at string, n int64) ([]byte, error) {
	f, err := os.Open(at)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(f, n))
	return head, errors.Join(err, f.Close())
}
