package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
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

//go:embed mbtiles/*.sql
var statements embed.FS

// statement is the text of a file of the folder mbtiles.
func statement(name string) string {
	text, err := statements.ReadFile("mbtiles/" + name + ".sql")
	if err != nil {
		return "" // a name that is not there: a test holds every one to a file
	}
	return string(text)
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
	if _, err := m.db.ExecContext(ctx, statement("schema")); err != nil {
		return nil, errors.Join(fmt.Errorf("%s cannot be written (%v); choose another place: %w", path, err, geo.ErrForbidden), m.Close())
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
		if _, err := m.tx.Exec(statement("image"), id, packed); err != nil {
			return err
		}
	}
	m.tiles++
	_, err := m.tx.Exec(statement("address"), t.Z, t.X, 1<<t.Z-1-t.Y, id)
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
		if _, err := m.tx.Exec(statement("metadata"), row[0], row[1]); err != nil {
			return 0, err
		}
	}
	if _, err := m.tx.Exec(statement("finish")); err != nil {
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
