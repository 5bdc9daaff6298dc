package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	_ "modernc.org/sqlite" // the driver, by name

	"yizhan/geo"
)

// MBTiles puts tiles into an SQLite file (MBTiles 1.3) that appears under its name
// when it is whole. Equal tiles are there once, behind a view named tiles.
type MBTiles struct {
	path  string
	db    *sql.DB
	tx    *sql.Tx
	tiles int
	known map[string]bool
	done  bool
}

// mbtilesSchema is tables of addresses and contents, and what the specification asks for.
var mbtilesSchema = []string{
	"pragma journal_mode = off", "pragma synchronous = off", "pragma application_id = 1297105496", // MBTiles 1.3, "Database": 0x4d504258
	"create table metadata (name text, value text)",
	"create table map (zoom_level integer, tile_column integer, tile_row integer, tile_id text)",
	"create table images (tile_id text primary key, tile_data blob) without rowid",
	"create view tiles as select zoom_level, tile_column, tile_row, tile_data from map join images using (tile_id)",
}

// CreateMBTiles begins an archive. Close it in the end, finished or not.
func CreateMBTiles(ctx context.Context, path string) (*MBTiles, error) {
	m := &MBTiles{path: path, known: map[string]bool{}}
	err := os.Remove(m.temporary())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err == nil {
		m.db, err = sql.Open("sqlite", m.temporary())
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written (%v); choose another place: %w", path, err, geo.ErrForbidden)
	}
	m.db.SetMaxOpenConns(1)
	for _, statement := range mbtilesSchema {
		if _, err := m.db.ExecContext(ctx, statement); err != nil {
			return nil, errors.Join(fmt.Errorf("%s cannot be written (%v); choose another place: %w", path, err, geo.ErrForbidden), m.Close())
		}
	}
	if m.tx, err = m.db.BeginTx(ctx, nil); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

func (m *MBTiles) temporary() string { return m.path + ".part" }

// Add puts a tile away, packed with gzip; rows count from the south.
func (m *MBTiles) Add(t geo.Tile, packed []byte) error {
	sum := sha256.Sum256(packed)
	id := hex.EncodeToString(sum[:16])
	if !m.known[id] {
		m.known[id] = true
		if _, err := m.tx.Exec("insert into images values (?, ?)", id, packed); err != nil {
			return err
		}
	}
	m.tiles++
	_, err := m.tx.Exec("insert into map values (?, ?, ?, ?)", t.Z, t.X, 1<<t.Z-1-t.Y, id)
	return err
}

// Tiles is how many were added, and how many different contents they have.
func (m *MBTiles) Tiles() (added, different int) { return m.tiles, len(m.known) }

// Finish writes the metadata and puts the archive under its name.
func (m *MBTiles) Finish(about About) (size int64, err error) {
	text, err := json.Marshal(map[string]any{"vector_layers": about.Metadata["vector_layers"]})
	if err != nil {
		return 0, err
	}
	b := about.Bounds
	rows := [][2]string{
		{"format", "pbf"}, {"type", "overlay"}, {"version", "1"}, {"json", string(text)},
		{"minzoom", strconv.Itoa(int(about.MinZoom))}, {"maxzoom", strconv.Itoa(int(about.MaxZoom))},
		{"bounds", fmt.Sprintf("%f,%f,%f,%f", b[0], b[1], b[2], b[3])},
		{"center", fmt.Sprintf("%f,%f,%d", (b[0]+b[2])/2, (b[1]+b[3])/2, (about.MinZoom+about.MaxZoom)/2)},
	}
	for _, name := range []string{"name", "description", "attribution"} {
		if value, given := about.Metadata[name].(string); given {
			rows = append(rows, [2]string{name, value})
		}
	}
	for _, row := range rows {
		if _, err := m.tx.Exec("insert into metadata values (?, ?)", row[0], row[1]); err != nil {
			return 0, err
		}
	}
	if _, err := m.tx.Exec("create unique index map_index on map (zoom_level, tile_column, tile_row)"); err != nil {
		return 0, err
	}
	if err := errors.Join(m.tx.Commit(), m.db.Close()); err != nil {
		return 0, err
	}
	m.done = true
	made, err := os.Stat(m.temporary())
	if err != nil {
		return 0, err
	}
	return made.Size(), os.Rename(m.temporary(), m.path)
}

// Close takes away what was not finished.
func (m *MBTiles) Close() error {
	if m.done {
		return nil
	}
	if m.tx != nil {
		_ = m.tx.Rollback() // its file goes
	}
	return errors.Join(m.db.Close(), os.Remove(m.temporary()))
}
