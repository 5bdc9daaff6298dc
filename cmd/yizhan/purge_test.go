package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/lang"
	"yizhan/internal/pgtest"
)

func TestAPurgeReachesTheArchivesThatItIsToldOf(t *testing.T) {
	t.Parallel()
	dsn, dir := pgtest.Ledger(t), t.TempDir()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	exec := func(statement string) {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const secret = "SECRET-7" // a key, which tiles carry from zoom 16 on
	exec(`insert into city.manhole (code, utility, condition, geom) values ('` + secret + `', 'rain', 'intact', 'SRID=4326;POINT(112.5 33)'), ('M2', 'rain', 'intact', 'SRID=4326;POINT(112.501 33)')`)
	quiet := slog.New(slog.DiscardHandler)
	write := func(path string, update bool) {
		t.Helper()
		c := &exportCommand{ledgerFlags: ledgerFlags{DSN: dsn}, Tiles: path, Layers: []string{"manhole"}, Zoom: "16", BBox: []float64{112.49, 32.99, 112.51, 33.01}, Update: update}
		if err := c.Run(t.Context(), quiet, terminal{lang.English}); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(path string) bool {
		t.Helper()
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(unpacked(t, whole), secret)
	}
	told, lite, untold := filepath.Join(dir, "told.pmtiles"), filepath.Join(dir, "told.mbtiles"), filepath.Join(dir, "untold.pmtiles")
	for _, path := range []string{told, lite, untold} {
		write(path, false)
		if !holds(path) {
			t.Fatalf("%s does not hold it", path)
		}
	}
	exec("delete from city.manhole where code = '" + secret + "'")
	purge := &purgeCommand{ledgerFlags: ledgerFlags{DSN: dsn}, Layer: "manhole", Key: secret, Archive: []string{told, lite}}
	if err := purge.Run(t.Context(), quiet, terminal{lang.English}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{told, lite} {
		if holds(path) {
			t.Errorf("%s holds it still", path)
		}
	}
	write(untold, true)
	if holds(untold) {
		t.Error("an archive that was not named holds it still after it was updated")
	}
	purge.Archive = []string{filepath.Join(dir, "none.pmtiles")}
	if err := purge.Run(t.Context(), quiet, terminal{lang.English}); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("an archive that is not there: %v", err)
	}
}
