package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/pgtest"
	"yizhan/tiles/archive"
)

func TestAnExportHoldsNoColumnThatIsKeptPrivate(t *testing.T) {
	t.Parallel()
	dsn, dir := pgtest.Ledger(t), t.TempDir()
	const secret = "欧阳某某" // nobody's name
	file := filepath.Join(dir, "bench.csv")
	if err := os.WriteFile(file, []byte("code,name,联系人,经度,纬度\nB1,河畔,"+secret+",112.53,33\nB2,桥头,"+secret+",112.54,33\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	bring := &importCommand{ledgerFlags: ledgerFlags{DSN: dsn}, Files: []string{file}, Create: "bench", Settings: settings.Settings{CRS: new("wgs84")}, Keep: []string{"联系人"}, Format: "text"}
	if err := bring.Run(t.Context(), quiet, terminal{lang.English}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "bench.pmtiles")
	box := []float64{112.2, 32.8, 112.8, 33.2}
	export := &exportCommand{ledgerFlags: ledgerFlags{DSN: dsn}, Tiles: path, Layers: []string{"bench"}, Zoom: "10-16", BBox: box}
	if err := export.Run(t.Context(), quiet, terminal{lang.English}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	held := unpacked(t, whole) // metadata
	r, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for z := uint8(10); z <= 16; z++ {
		left, top, right, bottom := geo.Covering(z, [4]float64(box))
		for _, at := range archive.Pyramid(z, left, top, right, bottom) {
			tile, err := r.Tile(at)
			if err != nil {
				t.Fatal(err)
			}
			held += unpacked(t, tile)
		}
	}
	if !strings.Contains(held, "河畔") {
		t.Error("the archive does not hold the public column either")
	}
	for _, word := range []string{secret, "联系人"} {
		if strings.Contains(held, word) {
			t.Errorf("the archive holds %s", word)
		}
	}
}

// unpacked is every gzip member that begins in some bytes, and the bytes themselves.
func unpacked(t *testing.T, packed []byte) string {
	t.Helper()
	all := string(packed)
	for at := range packed {
		if !bytes.HasPrefix(packed[at:], []byte{0x1f, 0x8b, 8}) {
			continue
		}
		if zip, err := gzip.NewReader(bytes.NewReader(packed[at:])); err == nil {
			text, _ := io.ReadAll(zip) // ends at what is not a member, as it must
			all += string(text)
		}
	}
	return all
}
