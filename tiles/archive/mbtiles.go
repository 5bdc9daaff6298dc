package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"

	_ "modernc.org/sqlite" // the driver, by name

	"yizhan/geo"
	"yizhan/internal/lang"
	queries "yizhan/sql"
)

// MBTiles puts tiles into an SQLite file (MBTiles 1.3) that appears under its name
// when it is whole. Equal tiles are there once, behind a view named tiles. What was
// done before a break is kept in PATH.part, as of the last checkpoint.
type MBTiles struct {
	path     string
	db       *sql.DB
	tx       *sql.Tx // since the last checkpoint
	image    *sql.Stmt
	address  *sql.Stmt
	tiles    int
	known    map[string]bool
	next     uint64 // id of the first tile that was not done before
	kept     bool   // there is something to resume
	finished bool
}

// createMBTiles is like [createPMTiles].
func createMBTiles(ctx context.Context, path, plan string, fresh bool) (*MBTiles, error) {
	m := &MBTiles{path: path, known: map[string]bool{}}
	err := m.create(ctx, plan, fresh)
	if err == nil {
		err = m.begin()
	}
	if err != nil {
		return nil,
			errors.Join(lang.Errorf("%s cannot be written (%v); choose another path: %w", path, err, geo.ErrForbidden),
				m.Close())
	}
	return m, nil
}

func (m *MBTiles) temporary() string { return m.path + partSuffix }

// create opens the file: as it is if it has the same plan, else empty.
func (m *MBTiles) create(ctx context.Context, plan string, fresh bool) (err error) {
	if m.kept = !fresh && m.resume(ctx, plan); m.kept {
		return nil
	}
	if err := m.discard(); err != nil {
		return err
	}
	if m.db, err = openSQLite(m.temporary(), "rwc"); err != nil {
		return err
	}
	if _, err := m.db.ExecContext(ctx, queries.Text("mbtiles/schema.sql")); err != nil {
		return err
	}
	_, err = m.db.ExecContext(ctx, queries.Text("mbtiles/begin.sql"), plan)
	return err
}

// begin begins what the next checkpoint is to keep.
func (m *MBTiles) begin() (err error) {
	if m.tx, err = m.db.Begin(); err != nil {
		return err
	}
	if m.image, err = m.tx.Prepare(queries.Text("mbtiles/image.sql")); err != nil {
		return err
	}
	m.address, err = m.tx.Prepare(queries.Text("mbtiles/address.sql"))
	return err
}

// resume takes up what was done with the same plan, and reports whether there is
// anything to resume.
func (m *MBTiles) resume(ctx context.Context, plan string) bool {
	db, err := openSQLite(m.temporary(), "rw")
	if err != nil {
		return false
	}
	was, next, tiles, err := unfinished(ctx, db)
	known := map[string]bool{}
	if err == nil && was == plan && next > 0 {
		known, err = contents(ctx, db)
	}
	if err != nil || was != plan || next == 0 {
		_ = db.Close() // it is taken away
		return false
	}
	m.db, m.next, m.tiles, m.known = db, next, tiles, known
	return true
}

// Next is the id of the first tile that is still to be added; all before were.
func (m *MBTiles) Next() uint64 { return m.next }

// Add puts a tile away, packed with gzip; rows count from the south.
func (m *MBTiles) Add(t geo.Tile, packed []byte) error {
	sum := sha256.Sum256(packed)
	id := hex.EncodeToString(sum[:16])
	if !m.known[id] {
		m.known[id] = true
		if _, err := m.image.Exec(id, packed); err != nil {
			return err
		}
	}
	m.tiles++
	_, err := m.address.Exec(t.Z, t.X, southern(t), id)
	return err
}

// southern is the row of a tile, counted from the south.
func southern(t geo.Tile) uint32 { return 1<<t.Z - 1 - t.Y }

// Checkpoint makes sure that all tiles before the id can be found again after a
// break.
func (m *MBTiles) Checkpoint(next uint64) error {
	if _, err := m.tx.Exec(queries.Text("mbtiles/checkpoint.sql"), int64(next)); err != nil {
		return err
	}
	if err := m.tx.Commit(); err != nil {
		return err
	}
	m.kept = true
	return m.begin()
}

// Tiles is how many were added, and how many different contents they have.
func (m *MBTiles) Tiles() (added, different int) { return m.tiles, len(m.known) }

// Finish writes the metadata and puts the archive under its name. What is not text in
// them is there as JSON.
func (m *MBTiles) Finish(about About) (size int64, err error) {
	b := about.Bounds
	facts := map[string]string{
		"format": "pbf", "version": "1", "minzoom": strconv.Itoa(int(about.MinZoom)),
		"maxzoom": strconv.Itoa(int(about.MaxZoom)),
		"bounds":  fmt.Sprintf("%f,%f,%f,%f", b[0], b[1], b[2], b[3]),
		"center":  fmt.Sprintf("%f,%f,%d", (b[0]+b[2])/2, (b[1]+b[3])/2, (about.MinZoom+about.MaxZoom)/2),
	}
	for name, value := range about.Metadata {
		if name == layersKey {
			name, value = "json", map[string]any{layersKey: value}
		}
		text, plain := value.(string)
		if !plain {
			coded, err := json.Marshal(value)
			if err != nil {
				return 0, err
			}
			text = string(coded)
		}
		facts[name] = text
	}
	for _, name := range slices.Sorted(maps.Keys(facts)) { // the same tiles, the same file
		if _, err := m.tx.Exec(queries.Text("mbtiles/metadata.sql"), name, facts[name]); err != nil {
			return 0, err
		}
	}
	if _, err := m.tx.Exec(queries.Text("mbtiles/finish.sql")); err != nil {
		return 0, err
	}
	if err := errors.Join(m.tx.Commit(), m.db.Close()); err != nil {
		return 0, err
	}
	m.finished = true
	made, err := os.Stat(m.temporary())
	if err != nil {
		return 0, err
	}
	return made.Size(), os.Rename(m.temporary(), m.path)
}

// layersKey is the fact that describes the layers (MBTiles 1.3, vector tilesets).
const layersKey = "vector_layers"

// Close removes what was not finished, unless it can be resumed.
func (m *MBTiles) Close() error {
	if m.finished || m.db == nil {
		return nil
	}
	if m.tx != nil {
		_ = m.tx.Rollback() // what came after the checkpoint
	}
	err := m.db.Close()
	if !m.kept {
		err = errors.Join(err, m.discard())
	}
	return err
}

// discard removes what cannot be resumed.
func (m *MBTiles) discard() error {
	for _, left := range []string{m.temporary(), m.temporary() + "-journal"} {
		if err := os.Remove(left); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
