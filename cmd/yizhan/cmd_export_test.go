package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"

	"yizhan/geo"
)

func TestZoomsOfAnExport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		from, to uint8
		fine     bool
	}{{"0-14", 0, 14, true}, {"12", 12, 12, true}, {"14-0", 0, 0, false}, {"0-23", 0, 0, false}, {"", 0, 0, false}, {"a-b", 0, 0, false}, {"-1-3", 0, 0, false}} {
		from, to, err := zooms(c.text)
		if from != c.from || to != c.to || (err == nil) != c.fine || err != nil && !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: %d to %d, %v", c.text, from, to, err)
		}
	}
}

func TestTilesThatCoverABox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		z    uint8
		box  [4]float64
		want [4]uint32
	}{
		{0, [4]float64{-180, -85, 180, 85}, [4]uint32{0, 0, 0, 0}},
		{1, [4]float64{-180, -90, 180, 90}, [4]uint32{0, 0, 1, 1}},
		{14, [4]float64{112.5, 33, 112.5, 33}, [4]uint32{13312, 6599, 13312, 6599}},
	} {
		left, top, right, bottom := covering(c.z, c.box)
		if got := [4]uint32{left, top, right, bottom}; got != c.want {
			t.Errorf("zoom %d, %v: %v, want %v", c.z, c.box, got, c.want)
		}
	}
}

func TestAPackedTileIsWhole(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("南阳"), 1000)
	packed, err := packTile(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, body) {
		t.Errorf("%d bytes of %d, %v", len(plain), len(body), err)
	}
}
