package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Field is a column that a file declares before its records.
type Field struct {
	Name string // decoded
	Cut  bool   // the format cuts names, and this one is as long as it allows: more may have stood there
}

// Said is what a file says of its coordinates.
type Said struct {
	Where string // ".prj", "crs", "RFC 7946", "gpkg_spatial_ref_sys", …; "" when it says nothing
	Text  string // WKT, or a name such as "EPSG:4547" or "urn:ogc:def:crs:EPSG::4547"
}

// File is a survey file that was recognised. It can be read as often as wanted,
// several times at once. Close removes what was unpacked.
type File struct {
	Name    string     // as reports call it
	Format  string     // "GeoJSON", "CSV", "XLSX", "Shapefile", "GeoPackage", "DXF (ogr2ogr)", …
	Paths   []string   // the files that make it up, the main one first
	Size    int64      // bytes of the files at Paths
	Charset string     // of its texts: "UTF-8", "GB18030", …
	ByWhat  lang.Label // how Charset was decided
	Said    Said
	Tabular bool         // rows of a table, which have numbers
	Fields  []Field      // nil where records name their own (GeoJSON)
	Notes   []lang.Label // what the planner should know: "the sheet 窨井; its header is row 3", …
	Kinds   []geo.Kind   // kinds of geometry that the file declares; nil when it declares none
	Count   int64        // records that the file declares; 0 when unknown
	Limits  Limits
	Cutter  func(ctx context.Context, pace *Pace) (Cutter, error)
	Decoder func() Decoder
	Origin  []string // what came, where that is not Paths: the archive
	closers []func() error
}

// OnClose adds what Close is to do, before what was added earlier.
func (f *File) OnClose(do func() error) { f.closers = append(f.closers, do) }

// Close removes what was unpacked.
func (f *File) Close() error {
	var all error
	for _, one := range slices.Backward(f.closers) {
		all = errors.Join(all, one())
	}
	f.closers = nil
	return all
}

// Sum is the SHA-256 of the file's bytes as it came; of several files, one after another.
func (f *File) Sum(ctx context.Context) (string, error) {
	paths := f.Origin
	if paths == nil {
		paths = f.Paths
	}
	sum, buffer := sha256.New(), make([]byte, 1<<20)
	for _, path := range paths {
		r, err := os.Open(path)
		if err != nil {
			return "", Input{Name: f.Name}.Unreadable(err)
		}
		_, err = io.CopyBuffer(sum, Interruptible(ctx, r), buffer)
		if err = errors.Join(err, r.Close()); err != nil {
			return "", Input{Name: f.Name}.Unreadable(err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Interruptible reads until its context ends.
func Interruptible(ctx context.Context, r io.Reader) io.Reader { return untilDone{ctx, r} }

type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (i untilDone) Read(b []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b)
}
