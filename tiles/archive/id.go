package archive

import (
	"slices"

	"yizhan/geo"
)

// ID numbers a tile: all tiles of lower zooms come first, then those of its zoom
// along the Hilbert curve (PMTiles 3, section 4.1).
func ID(t geo.Tile) uint64 {
	id := (uint64(1)<<(2*t.Z) - 1) / 3
	x, y := uint64(t.X), uint64(t.Y)
	for s := uint64(1) << t.Z >> 1; s > 0; s >>= 1 {
		var rx, ry uint64
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		id += s * s * (3*rx ^ ry)
		x, y = turned(s, x, y, rx, ry)
	}
	return id
}

// turned turns a quadrant of the curve.
func turned(s, x, y, rx, ry uint64) (uint64, uint64) {
	if ry == 0 {
		if rx == 1 {
			x, y = s-1-x, s-1-y
		}
		x, y = y, x
	}
	return x, y
}

// Pyramid lists the tiles of a zoom that touch a box of tiles' numbers, along the curve.
func Pyramid(z uint8, left, top, right, bottom uint32) []geo.Tile {
	var list []geo.Tile
	for x := left; x <= right; x++ {
		for y := top; y <= bottom; y++ {
			list = append(list, geo.Tile{Z: z, X: x, Y: y})
		}
	}
	slices.SortFunc(list, func(a, b geo.Tile) int {
		if ID(a) < ID(b) {
			return -1
		}
		return 1
	})
	return list
}
