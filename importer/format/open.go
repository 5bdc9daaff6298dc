// Package format opens survey files of every kind that comes in: it recognises a
// file, looks into archives and folders, and gives the file to the package that
// reads its format.
//
// It does not know layers, checks or PostgreSQL. Memory does not grow with the
// file, save where a format's own page says so and states a limit.
package format

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/format/csv"
	"yizhan/importer/format/gdal"
	"yizhan/importer/format/geojson"
	"yizhan/importer/format/gpkg"
	"yizhan/importer/format/shapefile"
	"yizhan/importer/format/xlsx"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open recognises a file by how it begins, then by its name: a folder or an
// archive is looked into for its one data set. Close the File in the end.
func Open(ctx context.Context, path string, o record.Options) (*record.File, error) {
	o.Limits = o.Limits.WithDefaults()
	in := record.Input{Name: filepath.Base(path), Path: path, Options: o}
	info, err := os.Stat(path)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	if info.IsDir() && !strings.EqualFold(filepath.Ext(path), ".gdb") {
		inside, err := folder(path, o.Inside)
		if err != nil {
			return nil, lang.Errorf("%s: %w", in.Name, err)
		}
		in.Name += "/" + filepath.Base(inside)
		in.Path, in.Options.Inside = inside, within(filepath.Base(inside), o.Inside)
		return recognised(ctx, in)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, lang.Errorf("%s is not a file; name a file, a folder, or - for standard input: %w", in.Name, geo.ErrInvalid)
	}
	return recognised(ctx, in)
}

// recognised opens the file by its format, and fills in what all formats have.
func recognised(ctx context.Context, in record.Input) (*record.File, error) {
	open, err := openerOf(in)
	if err != nil {
		return nil, err
	}
	f, err := open(ctx, in)
	if err != nil {
		return nil, err
	}
	for _, path := range f.Paths {
		if info, err := os.Stat(path); err == nil && f.Size == 0 {
			f.Size += info.Size()
		}
	}
	return f, nil
}

// opener opens a file of one format.
type opener func(context.Context, record.Input) (*record.File, error)

// Beginnings of files.
const (
	zipMagic    = "PK\x03\x04"
	emptyZip    = "PK\x05\x06"
	sqliteMagic = "SQLite format 3\x00"
	shapeMagic  = "\x00\x00\x27\x0a"
	oleMagic    = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// openerOf chooses by content first.
func openerOf(in record.Input) (opener, error) {
	suffix := suffixOf(in)
	if info, err := os.Stat(in.Path); err == nil && info.IsDir() {
		return gdal.Open, nil
	}
	head, packed, err := headOfFile(in)
	if err != nil {
		return nil, err
	}
	first := byte(0)
	text := string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"))
	if text != "" {
		first = text[0]
	}
	is := func(magic string) bool { return strings.HasPrefix(string(head), magic) }
	among := func(list ...string) bool { return slices.Contains(list, suffix) }
	binary := is(zipMagic) || is(emptyZip) || is(sqliteMagic) || is(shapeMagic) || is(oleMagic)
	switch {
	case packed && (binary || among(".tar", ".tgz")):
		return nil, lang.Errorf("%s is a packed archive or database; unpack it first and import what is inside: %w", in.Name, geo.ErrInvalid)
	case is(zipMagic) && among(".xlsx", ".xlsm"), is(oleMagic):
		return xlsx.Open, nil
	case is(zipMagic) && among(".kmz", ".ods"):
		return gdal.Open, nil
	case is(zipMagic), is(emptyZip):
		return openArchive, nil
	case is(shapeMagic), among(".dbf", ".shx", ".prj", ".cpg"):
		return shapefile.Open, nil
	case is(sqliteMagic) && !among(".sqlite", ".db", ".mbtiles"):
		return gpkg.Open, nil
	case is("%PDF"):
		return nil, notRead(in, "a PDF document")
	case len(text) == 0 && len(head) < recognisedBy:
		return nil, lang.Errorf("%s is empty: %w", in.Name, geo.ErrInvalid)
	case first == '{' || first == geojson.RecordSeparator || first == '[' || among(".geojson", ".geojsonl", ".ndjson", ".geojsons"):
		return geojson.Open, nil
	case among(".csv", ".tsv", ".txt", ".tab.txt", ".psv", "") && first != '<':
		return csv.Open, nil
	}
	return gdal.Open, nil
}

// suffixOf is the file's, in lower case, without that of gzip.
func suffixOf(in record.Input) string {
	name := strings.ToLower(in.Path)
	return filepath.Ext(strings.TrimSuffix(name, ".gz"))
}

// recognisedBy is how much of a file is looked at to recognise it.
const recognisedBy = 4096

// headOfFile is how the file begins, unpacked, and whether it is packed.
func headOfFile(in record.Input) (head []byte, packed bool, err error) {
	raw := make([]byte, 2)
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, false, in.Unreadable(err)
	}
	n, _ := io.ReadFull(f, raw)
	packed = n == 2 && raw[0] == 0x1f && raw[1] == 0x8b
	if err := f.Close(); err != nil {
		return nil, false, in.Unreadable(err)
	}
	r, err := in.Open(&record.Pace{})
	if err != nil {
		return nil, false, err
	}
	head = make([]byte, recognisedBy)
	n, err = io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], packed, errors.Join(err, r.Close())
}

// openArchive unpacks an archive and opens its one data set.
func openArchive(ctx context.Context, in record.Input) (*record.File, error) {
	dir, members, err := unpackZip(ctx, in)
	if err != nil {
		return nil, err
	}
	remove := func() error { return os.RemoveAll(dir) }
	f, err := func() (*record.File, error) {
		inside, err := dataset(members, in.Options.Inside)
		if err != nil {
			return nil, lang.Errorf("%s: %w", in.Name, err)
		}
		inner := record.Input{Name: in.Name + "/" + inside, Path: filepath.Join(dir, filepath.FromSlash(inside)), Options: in.Options}
		inner.Options.Inside = within(inside, in.Options.Inside)
		if bytes.HasPrefix([]byte(suffixOf(inner)), []byte(".zip")) {
			return nil, lang.Errorf("%s holds another archive, %s; unpack it first: %w", in.Name, inside, geo.ErrInvalid)
		}
		return recognised(ctx, inner)
	}()
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	f.Origin = []string{in.Path}
	f.OnClose(remove)
	return f, nil
}

// notRead is the error of a file that is something else.
func notRead(in record.Input, what string) error {
	return lang.Errorf("%s is %s, which is not read; save it as GeoJSON, CSV, XLSX, Shapefile or GeoPackage: %w", in.Name, what, geo.ErrInvalid)
}
