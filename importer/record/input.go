package record

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
)

// Options are what a planner states about a file; zero values are detected.
type Options struct {
	Encoding string // of its texts
	Inside   string // the data set of an archive, sheet of a workbook or table of a GeoPackage
	X, Y     string // columns with easting or longitude, and northing or latitude
	WKT      string // column with well-known text
	Limits
}

// OptionsOf are those among a planner's settings that concern reading.
func OptionsOf(s settings.Settings) Options {
	return Options{Encoding: settings.Value(s.Encoding), Inside: settings.Value(s.Inside),
		X: settings.Value(s.X), Y: settings.Value(s.Y), WKT: settings.Value(s.WKT)}
}

// Input is a file on disk, as a reader gets it. A package of a format has a
// func Open(context.Context, Input) (*File, error).
type Input struct {
	Name    string // as reports call it
	Path    string
	Options Options // limits filled in
}

// Open reads the file from its beginning, unpacked when it is gzip (RFC 1952,
// 2.3.1). More unpacked bytes than the limit are an error.
func (in Input) Open(pace *Pace) (io.ReadCloser, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	raw := bufio.NewReaderSize(pace.reader(f), BatchBytes)
	head, err := raw.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(in.Unreadable(err), f.Close())
	}
	if len(head) < 2 || head[0] != 0x1f || head[1] != 0x8b {
		return stream{raw, f}, nil
	}
	zip, err := gzip.NewReader(raw)
	if err != nil {
		return nil, errors.Join(in.Damaged(err), f.Close())
	}
	return stream{&unpacking{r: zip, in: in, left: in.Options.UnpackedBytes}, f}, nil
}

// Unreadable is the error of a file that the operating system does not open or read.
func (in Input) Unreadable(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return lang.Errorf("%s: file not found: %w", in.Name, geo.ErrNotFound)
	case errors.Is(err, fs.ErrPermission):
		return lang.Errorf("%s: permission to read the file denied; ask its owner: %w", in.Name, geo.ErrForbidden)
	}
	return lang.Errorf("%s could not be read (%v): %w", in.Name, err, geo.ErrInvalid)
}

// Damaged is the error of a file that violates its format.
func (in Input) Damaged(err error) error {
	return lang.Errorf("%s is damaged (%v); get a fresh copy: %w", in.Name, err, geo.ErrInvalid)
}

type stream struct {
	io.Reader
	io.Closer
}

// unpacking reads a gzip stream. A truncated one must not look complete, and one that
// never ends is a bomb.
type unpacking struct {
	r    *gzip.Reader
	in   Input
	left int64
}

func (u *unpacking) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if u.left -= int64(n); u.left < 0 {
		return 0, lang.Errorf("%s unpacks to more than %d bytes; unpack it and import a part: %w",
			u.in.Name, u.in.Options.UnpackedBytes, geo.ErrInvalid)
	}
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, u.in.Damaged(lang.Errorf("the gzip stream is incomplete"))
	}
	return n, u.in.Damaged(err)
}
