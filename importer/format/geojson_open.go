package format

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// openGeoJSON opens a file of GeoJSON (RFC 7946), one text or several. What it
// says of its coordinates stands before the features, behind them, or nowhere:
// then RFC 7946 says it, section 4.
func openGeoJSON(ctx context.Context, in input) (*File, error) {
	f := &File{Name: in.name, Format: "GeoJSON", Paths: []string{in.path}, Charset: "UTF-8", ByWhat: label("GeoJSON 的规定", "as GeoJSON is"),
		Limits: in.options.Limits}
	f.decoder = func() Decoder { return newGeoJSONDecoder(in.options.Limits) }
	f.cutter = func(_ context.Context, pace *Pace) (Cutter, error) {
		r, err := in.open(pace)
		if err != nil {
			return nil, err
		}
		return newGeoJSONCutter(r, in.options.Limits), nil
	}
	said, err := in.crsOfHead(ctx, f)
	if err != nil {
		return nil, err
	}
	if said == nil {
		said = in.crsOfTail()
	}
	if said == nil {
		said = &Said{Where: "RFC 7946", Text: "urn:ogc:def:crs:OGC::CRS84"}
	}
	f.Said = *said
	return f, nil
}

// crsOfHead reads up to the first features, and finds what is no GeoJSON.
func (in input) crsOfHead(ctx context.Context, f *File) (*Said, error) {
	cut, err := f.cutter(ctx, &Pace{})
	if err != nil {
		return nil, err
	}
	defer cut.Close()
	err = cut.Next(&Batch{})
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, lang.Errorf("%s: %w", in.name, err)
	}
	return cut.End().Said, nil
}

// tailBytes is how much of the end of a file is searched for the member crs.
const tailBytes = 64 << 10

// crsOfTail looks for a member crs behind the features of a file that is not
// packed. What it finds is a first look: the cutter reads it properly at the end.
func (in input) crsOfTail() *Said {
	r, err := os.Open(in.path)
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
	return &Said{Where: "crs", Text: crsName(tail[at:end])}
}

// geoJSONFault is the error of a file whose first character no GeoJSON has.
func geoJSONFault(in input, what string) error {
	return lang.Errorf("%s is %s, which is not read; save it as GeoJSON, CSV, XLSX, Shapefile or GeoPackage: %w", in.name, what, geo.ErrInvalid)
}
