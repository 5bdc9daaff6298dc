package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite" // also registers the driver "sqlite"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
	statements "yizhan/sql"
)

// Database is an SQLite file, opened read-only.
type Database struct {
	*sql.DB
	in record.Input
}

// OpenDatabase opens an SQLite file that other programs may have written: it cannot be
// changed through it, and functions that its views call are not trusted.
func OpenDatabase(in record.Input) (*Database, error) {
	if err := checkHeader(in); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(in.Path)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	where := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"mode": {"ro"}, "immutable": {"1"},
		"_pragma": {"trusted_schema(off)", "query_only(on)", "cell_size_check(on)", "mmap_size(0)"},
	}.Encode()}
	db, err := sql.Open("sqlite", where.String())
	if err != nil {
		return nil, in.Unreadable(err)
	}
	return &Database{DB: db, in: in}, nil
}

// checkHeader looks at the first bytes (SQLite file format, 1.3), and refuses a file
// whose latest changes are still in a journal beside it, where they would be missed.
func checkHeader(in record.Input) error {
	f, err := os.Open(in.Path)
	if err != nil {
		return in.Unreadable(err)
	}
	defer f.Close()
	head := make([]byte, 16)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "SQLite format 3\x00" {
		return lang.Errorf("%s is not a GeoPackage: it does not begin like an SQLite file; save it as GeoPackage "+
			"again: %w",
			in.Name, geo.ErrInvalid)
	}
	wal, err := os.Stat(in.Path + "-wal")
	hot := err == nil && wal.Size() > 0
	if journal, err := os.Open(in.Path + "-journal"); err == nil {
		magic := make([]byte, 8)
		_, err = io.ReadFull(journal, magic)
		hot = hot || err == nil && bytes.Equal(magic, []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7})
		if err := journal.Close(); err != nil {
			return in.Unreadable(err)
		}
	}
	if hot {
		return lang.Errorf("%s has changes that are not saved yet (in the -wal or -journal file beside it); "+
			"close the program that has it open: %w", in.Name, geo.ErrConflict)
	}
	return nil
}

// Fault is an error of the database as planners are told it; nil for nil. An ended
// context keeps its cause.
func (d *Database) Fault(ctx context.Context, err error) error {
	var known *sqlite.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return lang.Errorf("%s: %w", d.in.Name, context.Cause(ctx))
	case errors.As(err, &known):
		return d.in.Damaged(errors.New(strings.TrimPrefix(known.Error(), "SQL logic error: ")))
	}
	return d.in.Damaged(err)
}

// has reports whether there is a table of that name.
func (d *Database) has(ctx context.Context, table string) (bool, error) {
	var n int
	err := d.QueryRowContext(ctx, statements.Text("gpkg/has.sql"), table).Scan(&n)
	return n > 0, d.Fault(ctx, err)
}

// count is the number of rows of a table: as GDAL recorded it, or counted now.
func (d *Database) count(ctx context.Context, table string) (int64, error) {
	recorded, err := d.has(ctx, "gpkg_ogr_contents")
	if err != nil {
		return 0, err
	}
	if recorded {
		var n sql.NullInt64
		err := d.QueryRowContext(ctx, statements.Text("gpkg/counted.sql"), table).Scan(&n)
		if err == nil && n.Valid && n.Int64 >= 0 {
			return n.Int64, nil
		}
	}
	count, err := statements.Fill("gpkg/count.sql", map[string]string{"table": quoted(table)})
	if err != nil {
		return 0, err
	}
	var n int64
	err = d.QueryRowContext(ctx, count).Scan(&n)
	return n, d.Fault(ctx, err)
}
