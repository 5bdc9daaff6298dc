package tiles

import "yizhan/geo"

// What every tile has: units along its side, and how far drawing reaches beyond.
const (
	extent = 4096
	buffer = 64
	least  = -buffer
	most   = extent + buffer
)

// gridBits is where a unit of a tile is a world unit: zoom 20.
const gridBits = 20

// grid turns world units into units of a tile, rounding to the nearest. Its lines
// are anchored to the world, so that neighbouring tiles round alike. Beyond zoom
// 20 world units are the coarser ones, and tile units multiples of them.
type grid struct {
	x0, y0 int64 // of the tile's corner, less half a tile unit
	down   uint
	up     uint
}

func newGrid(t geo.Tile) grid {
	e := t.Extent()
	g := grid{x0: int64(e.MinX), y0: int64(e.MinY)}
	if t.Z > gridBits {
		g.up = uint(t.Z - gridBits)
		return g
	}
	g.down = uint(gridBits - t.Z)
	half := int64(1) << g.down / 2
	g.x0 -= half
	g.y0 -= half
	return g
}

func (g *grid) x(v uint32) int64 { return (int64(v) - g.x0) >> g.down << g.up }

func (g *grid) y(v uint32) int64 { return (int64(v) - g.y0) >> g.down << g.up }

// shows reports whether a tile coordinate lies in the tile or its buffer.
func shows(v int64) bool { return uint64(v-least) <= most-least }

// inside reports whether all of the box shows.
func (g *grid) inside(e geo.Extent) bool {
	return shows(g.x(e.MinX)) && shows(g.x(e.MaxX)) && shows(g.y(e.MinY)) && shows(g.y(e.MaxY))
}
