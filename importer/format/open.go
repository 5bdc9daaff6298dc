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
	"yizhan/internal/lang"
)

// Open recognises a file by how it begins, then by its name: a folder or an
// archive is looked into for its one data set. Close the File in the end.
func Open(ctx context.Context, path string, o Options) (*File, error) {
	o.Limits = o.Limits.WithDefaults()
	in := input{name: filepath.Base(path), path: path, options: o}
	info, err := os.Stat(path)
	if err != nil {
		return nil, in.unreadable(err)
	}
	if info.IsDir() && !strings.EqualFold(filepath.Ext(path), ".gdb") {
		inside, err := folder(path, o.Inside)
		if err != nil {
			return nil, lang.Errorf("%s: %w", in.name, err)
		}
		in.name += "/" + filepath.Base(inside)
		in.path, in.options.Inside = inside, within(filepath.Base(inside), o.Inside)
		return in.recognised(ctx)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, lang.Errorf("%s is not a file; name a file, a folder, or - for standard input: %w", in.name, geo.ErrInvalid)
	}
	return in.recognised(ctx)
}

// recognised opens the file by its format, and fills in what all formats have.
func (in input) recognised(ctx context.Context) (*File, error) {
	opener, err := in.opener()
	if err != nil {
		return nil, err
	}
	f, err := opener(ctx, in)
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
type opener func(context.Context, input) (*File, error)

// Beginnings of files.
const (
	zipMagic    = "PK\x03\x04"
	emptyZip    = "PK\x05\x06"
	sqliteMagic = "SQLite format 3\x00"
	shapeMagic  = "\x00\x00\x27\x0a"
	oleMagic    = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// opener chooses by content first.
func (in input) opener() (opener, error) {
	suffix := in.suffix()
	if info, err := os.Stat(in.path); err == nil && info.IsDir() {
		return openGDAL, nil
	}
	head, packed, err := in.head()
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
		return nil, lang.Errorf("%s is a packed archive or database; unpack it first and import what is inside: %w", in.name, geo.ErrInvalid)
	case is(zipMagic) && among(".xlsx", ".xlsm"), is(oleMagic):
		return openXLSX, nil
	case is(zipMagic) && among(".kmz", ".ods"):
		return openGDAL, nil
	case is(zipMagic), is(emptyZip):
		return openArchive, nil
	case is(shapeMagic), among(".dbf", ".shx", ".prj", ".cpg"):
		return openShapefile, nil
	case is(sqliteMagic) && !among(".sqlite", ".db", ".mbtiles"):
		return openGeoPackage, nil
	case is("%PDF"):
		return nil, geoJSONFault(in, "a PDF document")
	case len(text) == 0 && len(head) < recognisedBy:
		return nil, lang.Errorf("%s is empty: %w", in.name, geo.ErrInvalid)
	case first == '{' || first == recordSeparator || first == '[' || among(".geojson", ".geojsonl", ".ndjson", ".geojsons"):
		return openGeoJSON, nil
	case among(".csv", ".tsv", ".txt", ".tab.txt", ".psv", "") && first != '<':
		return openCSV, nil
	}
	return openGDAL, nil
}

// suffix is the file's, in lower case, without that of gzip.
func (in input) suffix() string {
	name := strings.ToLower(in.path)
	return filepath.Ext(strings.TrimSuffix(name, ".gz"))
}

// recognisedBy is how much of a file is looked at to recognise it.
const recognisedBy = 4096

// head is how the file begins, unpacked, and whether it is packed.
func (in input) head() (head []byte, packed bool, err error) {
	raw := make([]byte, 2)
	f, err := os.Open(in.path)
	if err != nil {
		return nil, false, in.unreadable(err)
	}
	n, _ := io.ReadFull(f, raw)
	packed = n == 2 && raw[0] == 0x1f && raw[1] == 0x8b
	if err := f.Close(); err != nil {
		return nil, false, in.unreadable(err)
	}
	r, err := in.open(&Pace{})
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
func openArchive(ctx context.Context, in input) (*File, error) {
	dir, members, err := unpackZip(ctx, in)
	if err != nil {
		return nil, err
	}
	remove := func() error { return os.RemoveAll(dir) }
	f, err := func() (*File, error) {
		inside, err := dataset(members, in.options.Inside)
		if err != nil {
			return nil, lang.Errorf("%s: %w", in.name, err)
		}
		inner := input{name: in.name + "/" + inside, path: filepath.Join(dir, filepath.FromSlash(inside)), options: in.options}
		inner.options.Inside = within(inside, in.options.Inside)
		if bytes.HasPrefix([]byte(inner.suffix()), []byte(".zip")) {
			return nil, lang.Errorf("%s holds another archive, %s; unpack it first: %w", in.name, inside, geo.ErrInvalid)
		}
		return inner.recognised(ctx)
	}()
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	f.origin = []string{in.path}
	f.closers = append(f.closers, remove)
	return f, nil
}
