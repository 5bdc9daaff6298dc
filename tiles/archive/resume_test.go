package archive

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"yizhan/geo"
)

// writer is an archive of either format.
type writer interface {
	Next() uint64
	Add(geo.Tile, []byte) error
	Checkpoint(uint64) error
	Tiles() (added, different int)
	Finish(About) (int64, error)
	Close() error
}

// content is what the i-th tile holds: three after another the same.
func content(i int) []byte { return fmt.Appendf(nil, "tile %d", i/3) }

// written adds the tiles of zoom 6 from the writer's next on, as far as stop, with
// checkpoints on the way.
func written(t *testing.T, w writer, stop int) {
	t.Helper()
	for i, tile := range Pyramid(6, 0, 0, 63, 63) {
		if ID(tile) < w.Next() {
			continue
		}
		if i == stop {
			return
		}
		if err := w.Add(tile, content(i)); err != nil {
			t.Fatal(err)
		}
		if i%100 == 99 {
			if err := w.Checkpoint(ID(tile) + 1); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// create begins an archive of either format.
type create func(plan string, fresh bool) (writer, error)

// broken is a way in which an archive is found that was broken off at tile 2050, with a
// checkpoint each hundred.
type broken struct {
	name        string
	plan        string
	fresh       bool
	damage      func(path string) error
	resumesFrom int
}

// resumes interrupts an archive, resumes it and finishes it.
func (c broken) resumes(t *testing.T, path string, begin create) {
	t.Helper()
	first, err := begin("plan", false)
	if err != nil {
		t.Fatal(err)
	}
	written(t, first, 2050)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if c.damage != nil {
		if err := c.damage(path); err != nil {
			t.Fatal(err)
		}
	}
	again, err := begin(c.plan, c.fresh)
	if err != nil {
		t.Fatal(err)
	}
	from := uint64(0)
	if c.resumesFrom > 0 {
		from = ID(Pyramid(6, 0, 0, 63, 63)[c.resumesFrom])
	}
	if again.Next() != from {
		t.Errorf("resumes from %d, want %d", again.Next(), from)
	}
	written(t, again, -1)
	if added, different := again.Tiles(); added != 4096 || different != 1366 {
		t.Errorf("%d tiles, %d of them different", added, different)
	}
	finish(t, again)
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

func TestAnArchiveThatWasBrokenOffIsGoneOnWith(t *testing.T) {
	t.Parallel()
	whole := filepath.Join(t.TempDir(), "whole.pmtiles")
	w, err := createPMTiles(whole, "plan", false)
	if err != nil {
		t.Fatal(err)
	}
	written(t, w, -1)
	finish(t, w)
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []broken{
		{"as it was", "plan", false, nil, 2000},
		{"with another plan", "other", false, nil, 0},
		{"afresh", "plan", true, nil, 0},
		{"with half a block", "plan", false,
			func(p string) error { return os.Truncate(p+indexSuffix, size(p+indexSuffix)-5) }, 1900},
		{"without its tiles", "plan", false, func(p string) error { return os.Truncate(p+partSuffix, 10) }, 0},
		{"with an empty index", "plan", false, func(p string) error { return os.Truncate(p+indexSuffix, 0) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "city.pmtiles")
			c.resumes(t, path, func(plan string, fresh bool) (writer, error) {
				return createPMTiles(path, plan, fresh)
			})
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d bytes, want %d: %v", len(got), len(want), err)
			}
		})
	}
}

func size(path string) int64 {
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return s.Size()
}

func finish(t *testing.T, w writer) {
	t.Helper()
	if _, err := w.Finish(About{MinZoom: 6, MaxZoom: 6, Metadata: map[string]any{"name": "城"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAReaderFindsWhatWasWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.pmtiles")
	w, err := createPMTiles(path, "", false)
	if err != nil {
		t.Fatal(err)
	}
	all := Pyramid(9, 0, 0, 511, 511)
	content := func(i int) []byte { return fmt.Appendf(nil, "tile %d", i*i%100_003) }
	for i, tile := range all {
		if i%7 != 0 {
			if err := w.Add(tile, content(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	finish(t, w)
	r, err := openPMTiles(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.metadata["name"] != "城" {
		t.Errorf("metadata %v", r.metadata)
	}
	for i, tile := range all {
		got, err := r.Tile(tile)
		if err != nil || i%7 == 0 && got != nil || i%7 != 0 && !bytes.Equal(got, content(i)) {
			t.Fatalf("tile %s is %q: %v", tile, got, err)
		}
	}
	if got, err := r.Tile(geo.Tile{Z: 3}); got != nil || err != nil {
		t.Errorf("a tile of another zoom is %q: %v", got, err)
	}
}

func FuzzReader(f *testing.F) {
	path := filepath.Join(f.TempDir(), "city.pmtiles")
	w, err := createPMTiles(path, "", false)
	if err != nil {
		f.Fatal(err)
	}
	for _, tile := range Pyramid(3, 0, 0, 7, 7) {
		if err := w.Add(tile, []byte(tile.String())); err != nil {
			f.Fatal(err)
		}
	}
	if _, err := w.Finish(About{MaxZoom: 3, Metadata: map[string]any{}}); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:200])
	f.Fuzz(func(_ *testing.T, b []byte) {
		r, err := NewReader(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, t := range []geo.Tile{{}, {Z: 3, X: 5, Y: 2}, {Z: 22, X: 1, Y: 1}} {
			if packed, err := r.Tile(t); err == nil && len(packed) > mostTile {
				panic("a tile of more than may be")
			}
		}
	})
}
