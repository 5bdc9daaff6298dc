package format

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
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
)

//go:embed gpkg*.sql
var gpkgStatements embed.FS

// gpkgStatement is a statement without its comment, with what stands in for
// names put in: pairs such as "{table}", quoted("座椅").
func gpkgStatement(name string, names ...string) string {
	b, err := gpkgStatements.ReadFile(name)
	if err != nil {
		return ""
	}
	text := string(b)
	for strings.HasPrefix(text, "--") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return strings.NewReplacer(names...).Replace(strings.TrimSpace(text))
}

// quoted writes an identifier as SQLite takes it, whatever is in it.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// gpkg is an open GeoPackage.
type gpkg struct {
	in record.Input
	db *sql.DB
}

// openGPKG opens the SQLite file without the right to change it, and without trust
// in the functions that its views call.
func openGPKG(in record.Input) (*gpkg, error) {
	if err := isSQLite(in); err != nil {
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
	return &gpkg{in: in, db: db}, nil
}

// isSQLite looks at the first bytes (SQLite file format, 1.3), and refuses a file
// whose newest changes stand in a journal beside it, where they would be missed.
func isSQLite(in record.Input) error {
	f, err := os.Open(in.Path)
	if err != nil {
		return in.Unreadable(err)
	}
	defer f.Close()
	head := make([]byte, 16)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "SQLite format 3\x00" {
		return lang.Errorf("%s is no GeoPackage: it does not begin as an SQLite file; save it as GeoPackage again: %w", in.Name, geo.ErrInvalid)
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
		return lang.Errorf("%s has changes that are not written to it yet (a -wal or -journal file lies beside it); close the program that has it open: %w",
			in.Name, geo.ErrConflict)
	}
	return nil
}

// fault is an error of the database in words; one of the context stays.
func (g *gpkg) fault(ctx context.Context, err error) error {
	var known *sqlite.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return lang.Errorf("%s: %w", g.in.Name, context.Cause(ctx))
	case errors.As(err, &known):
		return g.in.Damaged(errors.New(strings.TrimPrefix(known.Error(), "SQL logic error: ")))
	}
	return g.in.Damaged(err)
}

// has says whether there is a table.
func (g *gpkg) has(ctx context.Context, table string) (bool, error) {
	var n int
	err := g.db.QueryRowContext(ctx, gpkgStatement("gpkg_has.sql"), table).Scan(&n)
	return n > 0, g.fault(ctx, err)
}

// count is how many features a table has: as GDAL counted them, or counted now.
func (g *gpkg) count(ctx context.Context, table string) (int64, error) {
	counted, err := g.has(ctx, "gpkg_ogr_contents")
	if err != nil {
		return 0, err
	}
	if counted {
		var n sql.NullInt64
		err := g.db.QueryRowContext(ctx, gpkgStatement("gpkg_counted.sql"), table).Scan(&n)
		if err == nil && n.Valid && n.Int64 >= 0 {
			return n.Int64, nil
		}
	}
	var n int64
	err = g.db.QueryRowContext(ctx, gpkgStatement("gpkg_count.sql", "{table}", quoted(table))).Scan(&n)
	return n, g.fault(ctx, err)
}
