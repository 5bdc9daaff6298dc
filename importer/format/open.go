// Package format opens survey files: it recognises the format of a file, looks into
// archives and folders, and hands the file to the package that reads its format. The
// table of formats is in table.go.
//
// It knows no layers, checks or PostgreSQL. Memory does not grow with the file, except
// where a format's package says so and sets a limit.
package format

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"yizhan/geo"
	"yizhan/importer/format/gdal"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open opens a file by its format. A folder or an archive is searched for its only data
// set, or the one that the options name. The caller closes the File.
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
		return nil, lang.Errorf("%s is not a file; name a file, a folder, or - for standard input: %w",
			in.Name, geo.ErrInvalid)
	}
	return recognised(ctx, in)
}

// recognised opens a file by its format, and fills in its size where the format did not.
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

// openerOf recognises a file by its content first, then by its name.
func openerOf(in record.Input) (opener, error) {
	if info, err := os.Stat(in.Path); err == nil && info.IsDir() {
		return gdal.Open, nil
	}
	s, err := sampleOf(in)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Packed && (s.Binary() || s.Named(".tar", ".tgz")):
		return nil, lang.Errorf("%s is a compressed archive or database; unpack it and import what it contains: %w",
			in.Name, geo.ErrInvalid)
	case s.Begins("%PDF"):
		return nil, lang.Errorf("%s is a PDF document, which is not supported; save it as %s: %w",
			in.Name, alternatives(), geo.ErrInvalid)
	}
	for _, f := range Formats() {
		if f.Recognises(s) {
			return f.Open, nil
		}
	}
	switch {
	case s.Begins(record.ZIP, record.EmptyZIP):
		return openArchive, nil
	case s.Blank():
		return nil, lang.Errorf("%s is empty: %w", in.Name, geo.ErrInvalid)
	}
	return gdal.Open, nil // which says what else the file is
}

// alternatives are the formats that an error recommends.
func alternatives() lang.List { return Titles(Own()) }

// suffixOf is the extension of a file in lower case, without that of gzip.
func suffixOf(in record.Input) string {
	return filepath.Ext(strings.TrimSuffix(strings.ToLower(in.Path), ".gz"))
}

// sampleBytes is how much of a file is read to recognise it.
const sampleBytes = 4096

func sampleOf(in record.Input) (s record.Sample, err error) {
	s.Extension = suffixOf(in)
	f, err := os.Open(in.Path)
	if err != nil {
		return s, in.Unreadable(err)
	}
	raw := make([]byte, 2)
	n, _ := io.ReadFull(f, raw)
	s.Packed = n == 2 && raw[0] == 0x1f && raw[1] == 0x8b
	if err := f.Close(); err != nil {
		return s, in.Unreadable(err)
	}
	r, err := in.Open(&record.Pace{})
	if err != nil {
		return s, err
	}
	s.Head = make([]byte, sampleBytes)
	n, err = io.ReadFull(r, s.Head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		s.Whole, err = true, nil
	}
	s.Head = s.Head[:n]
	return s, errors.Join(err, r.Close())
}

// openArchive unpacks an archive and opens its only data set, or the one that is named.
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
		inner := record.Input{Name: in.Name + "/" + inside, Options: in.Options,
			Path: filepath.Join(dir, filepath.FromSlash(inside))}
		inner.Options.Inside = within(inside, in.Options.Inside)
		if strings.HasPrefix(suffixOf(inner), ".zip") {
			return nil, lang.Errorf("%s contains another archive, %s; unpack it first: %w", in.Name, inside,
				geo.ErrInvalid)
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
