package archive

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"yizhan/geo"
)

// begun is an MBTiles archive that was broken off at a tile of zoom 6, with a
// checkpoint each hundred.
func begun(t *testing.T, path string, stop int) {
	t.Helper()
	m, err := CreateMBTiles(t.Context(), path, "plan", false)
	if err != nil {
		t.Fatal(err)
	}
	written(t, m, stop)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnMBTilesArchiveThatWasBrokenOffIsGoneOnWith(t *testing.T) {
	t.Parallel()
	cut := func(path string) error { return os.Truncate(path+partSuffix, 5000) }
	for _, c := range []struct {
		name       string
		plan       string
		fresh      bool
		damage     func(path string) error
		goesOnFrom int
	}{
		{"as it was", "plan", false, nil, 2000},
		{"with another plan", "other", false, nil, 0},
		{"afresh", "plan", true, nil, 0},
		{"cut off", "plan", false, cut, 0},
		{"empty", "plan", false, func(path string) error { return os.Truncate(path+partSuffix, 0) }, 0},
		{"gone", "plan", false, func(path string) error { return os.Remove(path + partSuffix) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "the city?.mbtiles")
			begun(t, path, 2050)
			if c.damage != nil {
				if err := c.damage(path); err != nil {
					t.Fatal(err)
				}
			} else if plan := UnfinishedMBTiles(t.Context(), path); plan != "plan" {
				t.Errorf("it is being written after the plan %q", plan)
			}
			again, err := CreateMBTiles(t.Context(), path, c.plan, c.fresh)
			if err != nil {
				t.Fatal(err)
			}
			from := uint64(0)
			if c.goesOnFrom > 0 {
				from = ID(Pyramid(6, 0, 0, 63, 63)[c.goesOnFrom])
			}
			if again.Next() != from {
				t.Errorf("goes on from %d, want %d", again.Next(), from)
			}
			written(t, again, -1)
			if added, different := again.Tiles(); added != 4096 || different != 1366 {
				t.Errorf("%d tiles, %d of them different", added, different)
			}
			finish(t, again)
			holdsZoom6(t, path)
			if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
				t.Errorf("left in the folder: %v, %v", left, err)
			}
		})
	}
}

// holdsZoom6 compares an archive with what written writes.
func holdsZoom6(t *testing.T, path string) {
	t.Helper()
	r, err := OpenMBTiles(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Metadata["name"] != "城" || r.Metadata["format"] != "pbf" || r.Metadata["minzoom"] != "6" {
		t.Errorf("metadata %v", r.Metadata)
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

func TestAnMBTilesArchiveWithoutACheckpointLeavesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.mbtiles")
	begun(t, path, 50)
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

func TestWhatIsNoMBTilesArchiveIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.mbtiles")
	if _, err := OpenMBTiles(t.Context(), path); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	for name, text := range map[string]string{"empty": "", "text": "no archive", "a head alone": "SQLite format 3\x00"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenMBTiles(t.Context(), path); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
