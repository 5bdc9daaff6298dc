package record

import (
	"bytes"
	"context"
	"slices"
)

// Format is one that survey files come in. The package of a format provides how it is
// recognised and opened.
type Format struct {
	Title      string
	Extensions []string // of its data sets, in lower case and with the dot; not of companion files
	Recognises func(Sample) bool
	Open       func(context.Context, Input) (*File, error)
}

// Sample is what a file is recognised by: its name and how it begins.
type Sample struct {
	Extension string // in lower case, without that of gzip
	Head      []byte // unpacked
	Packed    bool   // by gzip
	Whole     bool   // Head is all of it
}

// Beginnings of binary files.
const (
	ZIP      = "PK\x03\x04"
	EmptyZIP = "PK\x05\x06"
	SQLite   = "SQLite format 3\x00"
	SHP      = "\x00\x00\x27\x0a"
	OLE      = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// Begins reports whether the file begins with one of these.
func (s Sample) Begins(magics ...string) bool {
	return slices.ContainsFunc(magics, func(magic string) bool { return bytes.HasPrefix(s.Head, []byte(magic)) })
}

// Binary reports whether the file is an archive, a database or a Shapefile.
func (s Sample) Binary() bool { return s.Begins(ZIP, EmptyZIP, SQLite, SHP, OLE) }

// Text is the beginning without byte order mark and white space.
func (s Sample) Text() string {
	return string(bytes.TrimLeft(bytes.TrimPrefix(s.Head, []byte("\ufeff")), " \t\r\n"))
}

// Blank reports whether there is nothing in the file but white space.
func (s Sample) Blank() bool { return s.Whole && s.Text() == "" }

// Named reports whether the file has one of the extensions.
func (s Sample) Named(extensions ...string) bool { return slices.Contains(extensions, s.Extension) }

// First is the first byte of the text, 0 when it has none.
func (s Sample) First() byte {
	if text := s.Text(); text != "" {
		return text[0]
	}
	return 0
}
