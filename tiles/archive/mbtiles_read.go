package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"os"

	"yizhan/geo"
	"yizhan/internal/lang"
	queries "yizhan/sql"
)

// MBTilesReader reads tiles from an SQLite file (MBTiles 1.3).
type MBTilesReader struct {
	db       *sql.DB
	tile     *sql.Stmt
	metadata map[string]any
}

// openMBTiles opens an archive.
func openMBTiles(ctx context.Context, path string) (*MBTilesReader, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	r := &MBTilesReader{metadata: map[string]any{}}
	var err error
	if r.db, err = openSQLite(path, "ro"); err == nil {
		err = r.facts(ctx)
	}
	if err == nil {
		r.tile, err = r.db.PrepareContext(ctx, queries.Text("mbtiles/tile.sql"))
	}
	if err != nil {
		return nil, errors.Join(lang.Errorf("%s is not an MBTiles archive (%v): %w", path, err, geo.ErrInvalid),
			r.Close())
	}
	return r, nil
}

func (r *MBTilesReader) facts(ctx context.Context) error {
	rows, err := r.db.QueryContext(ctx, queries.Text("mbtiles/facts.sql"))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		var object map[string]any
		if json.Unmarshal([]byte(value), &object) == nil {
			r.metadata[name] = object
		} else {
			r.metadata[name] = value
		}
	}
	return rows.Err()
}

// Tile is a tile as it is packed, nil when the archive has none.
func (r *MBTilesReader) Tile(t geo.Tile) (packed []byte, err error) {
	err = r.tile.QueryRow(t.Z, t.X, southern(t)).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return packed, err
}

// Metadata is what the archive says of its tiles; what is an object in JSON is decoded.
func (r *MBTilesReader) Metadata() map[string]any { return r.metadata }

// Close closes the file.
func (r *MBTilesReader) Close() error {
	if r.db == nil {
		return nil
	}
	return r.db.Close()
}

// openSQLite opens a file in a mode of SQLite's URIs: ro, rw or rwc.
func openSQLite(path, mode string) (*sql.DB, error) {
	db, err := sql.Open("sqlite",
		(&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "mode=" + mode}).String())
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// unfinished is the plan of an archive under way, the id of the first tile that is
// still to be added, and how many there are.
func unfinished(ctx context.Context, db *sql.DB) (plan string, next uint64, tiles int, err error) {
	err = db.QueryRowContext(ctx, queries.Text("mbtiles/resume.sql")).Scan(&plan, &next, &tiles)
	return plan, next, tiles, err
}

// contents is the names of the contents that are there.
func contents(ctx context.Context, db *sql.DB) (map[string]bool, error) {
	known := map[string]bool{}
	rows, err := db.QueryContext(ctx, queries.Text("mbtiles/contents.sql"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		known[id] = true
	}
	return known, rows.Err()
}

// unfinishedMBTiles is like [unfinishedPMTiles].
func unfinishedMBTiles(ctx context.Context, path string) string {
	db, err := openSQLite(path+partSuffix, "rw") // what a crash left half done is undone
	if err != nil {
		return ""
	}
	defer db.Close()
	plan, _, _, err := unfinished(ctx, db)
	if err != nil {
		return ""
	}
	return plan
}
