package geojson

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open opens a file of GeoJSON (RFC 7946), one text or several. The coordinate system may
// be stated before or after the features; otherwise it is that of RFC 7946, section 4.
func Open(ctx context.Context, in record.Input) (*record.File, error) {
	f := &record.File{Name: in.Name, Format: "GeoJSON", Paths: []string{in.Path}, Charset: "UTF-8",
		ByWhat: lang.Bothf("required by GeoJSON"),
		Limits: in.Options.Limits}
	f.Decoder = func() record.Decoder { return NewDecoder(in.Options.Limits) }
	f.Cutter = func(_ context.Context, pace *record.Pace) (record.Cutter, error) {
		r, err := in.Open(pace)
		if err != nil {
			return nil, err
		}
		return NewCutter(r, in.Options.Limits), nil
	}
	said, err := crsOfHead(ctx, in, f)
	if err != nil {
		return nil, err
	}
	if said == nil {
		said = crsOfTail(in)
	}
	if said == nil {
		said = &record.Said{Where: "RFC 7946", Text: "urn:ogc:def:crs:OGC::CRS84"}
	}
	f.Said = *said
	return f, nil
}

// crsOfHead reads up to the first features, and so refuses what is not GeoJSON.
func crsOfHead(ctx context.Context, in record.Input, f *record.File) (*record.Said, error) {
	cut, err := f.Cutter(ctx, &record.Pace{})
	if err != nil {
		return nil, err
	}
	defer cut.Close()
	err = cut.Next(&record.Batch{})
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, lang.Errorf("%s: %w", in.Name, err)
	}
	return cut.End().Said, nil
}

// tailBytes is how much of the end of a file is searched for the member crs.
const tailBytes = 64 << 10

// crsOfTail looks for a member crs behind the features of a file that is not
// packed. What it finds is a first look: the cutter reads it properly at the end.
func crsOfTail(in record.Input) *record.Said {
	r, err := os.Open(in.Path)
	if err != nil {
		return nil
	}
	defer r.Close()
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil
	}
	tail := make([]byte, min(size, tailBytes))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil {
		return nil
	}
	tail = tail[bytes.LastIndexByte(tail, ']')+1:]
	at := bytes.Index(tail, []byte(`"crs"`))
	if at < 0 {
		return nil
	}
	at = skipSpace(tail, at+len(`"crs"`))
	if at == len(tail) || tail[at] != ':' {
		return nil
	}
	if at = skipSpace(tail, at+1); at == len(tail) || tail[at] != '{' {
		return nil
	}
	end, _ := valueEnd(tail, at)
	if end < 0 {
		return nil
	}
	return &record.Said{Where: "crs", Text: crsName(tail[at:end])}
}
