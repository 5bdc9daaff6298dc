package shapefile

import (
	"context"
	"os"
	"path/filepath"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open opens a set of files: shapes (.shp; ESRI Shapefile Technical
// Description, July 1998), a table of attributes (.dbf, dBASE III and later), and
// what the set says of its coordinates (.qpj or .prj) and of its texts (.cpg).
// Shapes and table are read side by side as streams; memory holds one batch. The
// path may be that of any file of the set.
func Open(ctx context.Context, in record.Input) (*record.File, error) {
	set, err := findSet(in)
	if err != nil {
		return nil, err
	}
	f := &record.File{Name: in.Name, Format: "Shapefile", Limits: in.Options.Limits}
	set.list(f)
	head, err := set.header()
	if err != nil {
		return nil, err
	}
	f.Kinds = head.kinds()
	if head.end < head.size {
		left := head.size - head.end
		f.Notes = append(f.Notes, lang.Bothf("%d bytes after the stated end of the .shp were not read", left))
	}
	set.readProjection(f)
	table, err := set.openTable(ctx, f)
	if err != nil {
		return nil, err
	}
	src := source{set: set, head: head, table: table, limits: f.Limits, size: f.Size}
	if table != nil {
		f.Count = table.rows
	}
	if err := src.readIndex(ctx, f); err != nil {
		return nil, err
	}
	src.count = f.Count
	f.Cutter = src.cutter
	f.Decoder = src.decoder
	return f, nil
}

// source is all that a reading needs to know of a set that was opened.
type source struct {
	set     fileSet
	head    header
	table   *dbfTable // nil when there is none
	indexed bool      // shapes are read in the order of the .shx
	limits  record.Limits
	size    int64 // bytes of all files
	count   int64 // records that are to come; 0 when unknown
}

// openTable opens the .dbf, decides on its encoding and names the fields. It is nil
// when the set has none.
func (s fileSet) openTable(ctx context.Context, f *record.File) (*dbfTable, error) {
	if s.dbf == "" {
		f.Notes = append(f.Notes, lang.Bothf("no .dbf: shapes only, no attributes"))
		return nil, nil
	}
	in := record.Input{Name: filepath.Base(s.dbf), Path: s.dbf, Options: s.in.Options}
	file, err := os.Open(s.dbf)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	defer file.Close()
	t, err := readDBFHeader(in, file)
	if err != nil {
		return nil, err
	}
	texts, err := t.sample(ctx, file)
	if err != nil {
		return nil, err
	}
	if err := t.decideCharset(s.cpgText(), texts, f); err != nil {
		return nil, err
	}
	t.nameFields(f)
	return t, nil
}

// mismatch is the error of a set whose table does not belong to its shapes.
func (s fileSet) mismatch(shapes, rows int64) error {
	return lang.Errorf(
		"%s: the .shp has %d records, but the .dbf has %d; they do not belong together; get a fresh copy of the set: "+
			"%w",
		s.in.Name, shapes, rows, geo.ErrInvalid)
}
