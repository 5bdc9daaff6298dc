package archive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"

	"yizhan/geo"
)

func TestIDsFollowTheCurve(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tile geo.Tile
		want uint64
	}{
		{geo.Tile{}, 0}, {geo.Tile{Z: 1}, 1}, {geo.Tile{Z: 1, Y: 1}, 2}, {geo.Tile{Z: 1, X: 1, Y: 1}, 3},
		{geo.Tile{Z: 1, X: 1}, 4}, {geo.Tile{Z: 2}, 5},
		{geo.Tile{Z: 12, X: 3423, Y: 1763}, 19078479},
	} {
		if got := ID(c.tile); got != c.want {
			t.Errorf("%s has id %d, want %d", c.tile, got, c.want)
		}
	}
	last := ID(geo.Tile{Z: 5}) - 1
	for i, tile := range Pyramid(5, 0, 0, 31, 31) {
		if id := ID(tile); id != last+1 {
			t.Fatalf("number %d, %s, has id %d after %d", i, tile, id, last)
		}
		last++
	}
}

// opened is an archive read by the letter of its specification.
type opened struct {
	data                 []byte
	root, leaves, tiles  uint64
	rootLength           uint64
	addressed, different uint64
}

func open(t *testing.T, path string) opened {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(data[i:]) }
	if string(data[:7]) != "PMTiles" || data[7] != 3 || at(8)+at(16) > 16384 {
		t.Fatalf("the header is % x", data[:127])
	}
	return opened{data, at(8), at(40), at(56), at(16), at(72), at(88)}
}

// find looks a tile up, nil for none.
func (o opened) find(t *testing.T, id uint64) []byte {
	t.Helper()
	directory := unzipped(t, o.data[o.root:o.root+o.rootLength])
	for range 3 {
		n, entries := uint64(0), bytes.NewReader(directory)
		number := func() uint64 {
			v, err := binary.ReadUvarint(entries)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		n = number()
		list := make([]entry, n)
		last := uint64(0)
		for i := range list {
			last += number()
			list[i].id = last
		}
		for i := range list {
			list[i].run = uint32(number())
		}
		for i := range list {
			list[i].length = uint32(number())
		}
		for i := range list {
			if list[i].offset = number(); list[i].offset == 0 {
				list[i].offset = list[i-1].offset + uint64(list[i-1].length) + 1
			}
			list[i].offset--
		}
		var found *entry
		for i := range list {
			if list[i].id <= id {
				found = &list[i]
			}
		}
		switch {
		case found == nil || found.run > 0 && id >= found.id+uint64(found.run):
			return nil
		case found.run > 0:
			return o.data[o.tiles+found.offset : o.tiles+found.offset+uint64(found.length)]
		}
		directory = unzipped(t, o.data[o.leaves+found.offset:o.leaves+found.offset+uint64(found.length)])
	}
	t.Fatal("the directories are too deep")
	return nil
}

func unzipped(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestEveryTileIsFoundAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		z    uint8
	}{{"in a root alone", 4}, {"in leaves", 9}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "city.pmtiles")
			w, err := createPMTiles(path, "plan", false)
			if err != nil {
				t.Fatal(err)
			}
			content := func(id uint64) []byte { // runs of the same, every seventh missing
				if id%7 == 0 {
					return nil
				}
				return fmt.Appendf(nil, "tile %d", id/3*(1+uint64(c.z%2)*(id%5)))
			}
			n := uint32(1) << c.z
			list := Pyramid(c.z, 0, 0, n-1, n-1)
			for _, tile := range list {
				if body := content(ID(tile)); body != nil {
					if err := w.Add(tile, body); err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("the archive is there before it is whole")
			}
			size, err := w.Finish(About{MinZoom: c.z, MaxZoom: c.z, Metadata: map[string]any{"name": "城"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Error(err)
			}
			o := open(t, path)
			added, different := w.Tiles()
			if int64(len(o.data)) != size || o.addressed != uint64(added) || o.different != uint64(different) {
				t.Errorf("%d bytes of %d, %d tiles of %d, %d contents of %d", len(o.data), size, o.addressed, added,
					o.different, different)
			}
			step := max(1, len(list)/500)
			for i := 0; i < len(list); i += step {
				if id := ID(list[i]); !bytes.Equal(o.find(t, id), content(id)) {
					t.Fatalf("tile %s is %q, want %q", list[i], o.find(t, id), content(id))
				}
			}
			if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
				t.Errorf("left in the folder: %v, %v", left, err)
			}
		})
	}
}

func TestTilesOutOfOrderAreRefused(t *testing.T) {
	t.Parallel()
	w, err := createPMTiles(filepath.Join(t.TempDir(), "city.pmtiles"), "plan", false)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Add(geo.Tile{Z: 1, X: 1}, []byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := w.Add(geo.Tile{Z: 1}, []byte("b")); err == nil {
		t.Error("a tile before the last was taken")
	}
}
