package geo_test

import (
	"testing"

	"yizhan/geo"
)

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
		left, top, right, bottom := geo.Covering(c.z, c.box)
		if got := [4]uint32{left, top, right, bottom}; got != c.want {
			t.Errorf("zoom %d, %v: %v, want %v", c.z, c.box, got, c.want)
		}
	}
}
