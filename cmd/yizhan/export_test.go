package main

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pgtest"
	"yizhan/tiles/archive"
)

// exported writes an archive of the ledger's manholes.
func exported(t *testing.T, dsn, path string, update bool) {
	t.Helper()
	c := &exportCommand{ledgerFlags: ledgerFlags{DSN: dsn}, Tiles: path, Layers: []string{"manhole"}, Zoom: "4-12", BBox: []float64{112.2, 32.8, 112.8, 33.2}, Update: update}
	if err := c.Run(t.Context(), slog.New(slog.DiscardHandler), terminal{lang.English}); err != nil {
		t.Fatal(err)
	}
}

// same compares all tiles of two archives, and returns how many there are.
func same(t *testing.T, a, b string) (tiles int) {
	t.Helper()
	first, err := archive.Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := archive.Open(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	for z := uint8(4); z <= 12; z++ {
		left, top, right, bottom := geo.Covering(z, [4]float64{112.2, 32.8, 112.8, 33.2})
		for _, at := range archive.Pyramid(z, left, top, right, bottom) {
			x, errX := first.Tile(at)
			y, errY := second.Tile(at)
			if errX != nil || errY != nil || !bytes.Equal(x, y) {
				t.Errorf("tile %s: %d and %d bytes, %v %v", at, len(x), len(y), errX, errY)
			}
			if x != nil {
				tiles++
			}
		}
	}
	return tiles
}

func TestAnUpdatedArchiveIsOneWrittenAgain(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	exec := func(statement string) {
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into city.manhole (code, utility, condition, owner_known, geom)
		select 'M' || n, 'sewage', 'intact', true, st_setsrid(st_makepoint(112.3 + n % 40 * 0.01, 32.85 + n / 40 * 0.003), 4326) from generate_series(1, 3000) n`)
	dir := t.TempDir()
	live, fresh, lite := filepath.Join(dir, "live.pmtiles"), filepath.Join(dir, "fresh.pmtiles"), filepath.Join(dir, "live.mbtiles")
	for range 2 { // it is not there yet; and then nothing has changed
		exported(t, dsn, live, true)
		exported(t, dsn, lite, true)
	}
	for _, edit := range []string{
		"update city.manhole set geom = st_translate(geom, 0.2, 0.01) where code in ('M7', 'M2000')",
		"delete from city.manhole where code < 'M12'",
		"insert into city.manhole (code, utility, condition, owner_known, geom) values ('N1', 'rain', 'damaged', false, 'SRID=4326;POINT(112.75 33.15)')",
		"update city.manhole set condition = 'missing' where code like 'M29%'",
		"update catalog.layer set point_zoom = 11 where name = 'manhole'",
	} {
		exec(edit)
		exported(t, dsn, live, true)
		exported(t, dsn, lite, true)
		exported(t, dsn, fresh, false)
		if n := same(t, live, fresh); n < 30 {
			t.Errorf("only %d tiles", n)
		}
		same(t, lite, fresh)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 3 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
}

func TestMBTilesHoldTheSameTiles(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `insert into city.manhole (code, utility, condition, owner_known, geom)
		select 'M' || n, 'sewage', 'intact', true, st_setsrid(st_makepoint(112.3 + n * 0.001, 33), 4326) from generate_series(1, 300) n`); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	exported(t, dsn, filepath.Join(dir, "city.pmtiles"), false)
	exported(t, dsn, filepath.Join(dir, "city.mbtiles"), false)
	r, err := archive.Open(t.Context(), filepath.Join(dir, "city.pmtiles"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	db, err := sql.Open("sqlite", filepath.Join(dir, "city.mbtiles"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	count := 0
	for z := uint8(4); z <= 12; z++ {
		left, top, right, bottom := geo.Covering(z, [4]float64{112.2, 32.8, 112.8, 33.2})
		for _, at := range archive.Pyramid(z, left, top, right, bottom) {
			want, err := r.Tile(at)
			if err != nil {
				t.Fatal(err)
			}
			var got []byte
			err = db.QueryRow("select tile_data from tiles where zoom_level = ? and tile_column = ? and tile_row = ?", z, at.X, 1<<z-1-at.Y).Scan(&got)
			if want == nil && err == sql.ErrNoRows {
				continue
			}
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("tile %s: %d bytes, want %d: %v", at, len(got), len(want), err)
			}
			count++
		}
	}
	var format, vector string
	if err := db.QueryRow("select (select value from metadata where name = 'format'), (select value from metadata where name = 'json')").Scan(&format, &vector); err != nil || format != "pbf" || len(vector) < 50 {
		t.Errorf("metadata %s %s: %v", format, vector, err)
	}
	if count < 10 {
		t.Errorf("only %d tiles", count)
	}
}
