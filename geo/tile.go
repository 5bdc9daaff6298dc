package geo

import (
	"fmt"
	"strconv"

	"yizhan/internal/lang"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// MaxZoom is the deepest zoom that has tiles.
const MaxZoom = 22

// Tile is an address in the WebMercatorQuad tile matrix set (OGC 17-083r4,
// annex D.1): zoom, column from the west, row from the north.
type Tile struct {
	Z    uint8
	X, Y uint32
}

// NewTile checks that the address lies in the pyramid.
func NewTile(z uint8, x, y uint32) (Tile, error) {
	if z > MaxZoom {
		return Tile{}, lang.Errorf("zoom %d: must be 0 to %d: %w", z, MaxZoom, ErrInvalid)
	}
	if n := uint32(1) << z; x >= n || y >= n {
		return Tile{}, lang.Errorf("tile %d/%d/%d: x and y must be 0 to %d at zoom %d: %w", z, x, y, n-1, z, ErrInvalid)
	}
	return Tile{Z: z, X: x, Y: y}, nil
}

// ParseTile reads an address from its three decimal parts. Only plain digits
// are taken, so that a tile has one spelling.
func ParseTile(z, x, y string) (Tile, error) {
	parts := [3]uint64{}
	for i, s := range [3]string{z, x, y} {
		n, err := parseDecimal(s)
		if err != nil {
			return Tile{}, lang.Errorf("tile %.40q/%.40q/%.40q: %s is not a whole number: %w",
				z, x, y, [3]string{"z", "x", "y"}[i], ErrInvalid)
		}
		parts[i] = n
	}
	if parts[0] > MaxZoom {
		return Tile{}, lang.Errorf("zoom %d: must be 0 to %d: %w", parts[0], MaxZoom, ErrInvalid)
	}
	return NewTile(uint8(parts[0]), uint32(parts[1]), uint32(parts[2]))
}

func parseDecimal(s string) (uint64, error) {
	if len(s) == 0 || len(s) > 10 || (len(s) > 1 && s[0] == '0') {
		return 0, strconv.ErrSyntax
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, strconv.ErrSyntax
		}
	}
	return strconv.ParseUint(s, 10, 32)
}

// Bound is the tile's extent in degrees.
func (t Tile) Bound() orb.Bound {
	return maptile.New(t.X, t.Y, maptile.Zoom(t.Z)).Bound()
}

func (t Tile) String() string {
	return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y)
}
