package archive

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"yizhan/geo"
)

func TestAnMBTilesArchiveThatWasBrokenOffIsGoneOnWith(t *testing.T) {
	t.Parallel()
	for _, c := range []broken{
		{"as it was", "plan", false, nil, 2000},
		{"with another plan", "other", false, nil, 0},
		{"afresh", "plan", true, nil, 0},
		{"cut off", "plan", false, func(p string) error { return os.Truncate(p+partSuffix, 5000) }, 0},
		{"empty", "plan", false, func(p string) error { return os.Truncate(p+partSuffix, 0) }, 0},
		{"gone", "plan", false, func(p string) error { return os.Remove(p + partSuffix) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "the city?.mbtiles")
			c.resumes(t, path, func(plan string, fresh bool) (writer, error) {
				return createMBTiles(t.Context(), path, plan, fresh)
			})
			holdsZoom6(t, path)
		})
	}
}

// holdsZoom6 compares an archive with what written writes.
func holdsZoom6(t *testing.T, path string) {
	t.Helper()
	r, err := openMBTiles(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.metadata["name"] != "城" || r.metadata["format"] != "pbf" || r.metadata["minzoom"] != "6" {
		t.Errorf("metadata %v", r.metadata)
	}
	for i, tile := range Pyramid(6, 0, 0, 63, 63) {
		if got, err := r.Tile(tile); err != nil || !bytes.Equal(got, content(i)) {
			t.Fatalf("tile %s: %q, %v", tile, got, err)
		}
	}
	if got, err := r.Tile(geo.Tile{Z: 7, X: 1, Y: 1}); err != nil || got != nil {
		t.Errorf("a tile that is not there: %q, %v", got, err)
	}
}

func TestWhatAnUnfinishedMBTilesArchiveLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stop  int
		plan  string
		files int
	}{
		{50, "", 0}, // before the first checkpoint
		{250, "plan", 1},
	} {
		path := filepath.Join(t.TempDir(), "city.mbtiles")
		m, err := createMBTiles(t.Context(), path, "plan", false)
		if err != nil {
			t.Fatal(err)
		}
		written(t, m, c.stop)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if got := unfinishedMBTiles(t.Context(), path); got != c.plan {
			t.Errorf("after %d tiles the plan is %q, want %q", c.stop, got, c.plan)
		}
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != c.files {
			t.Errorf("left in the folder after %d tiles: %v, %v", c.stop, left, err)
		}
	}
}

func TestWhatIsNoMBTilesArchiveIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.mbtiles")
	if _, err := openMBTiles(t.Context(), path); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	for name, text := range map[string]string{"empty": "", "text": "no archive",
		"a head alone": "SQLite format 3\x00"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := openMBTiles(t.Context(), path); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
