package tiles

import (
	"slices"

	"yizhan/geo"
)

// Cells are the tiles five zooms deeper: 32 by 32 of them in a tile, each 128
// units wide, anchored to the world, and each in exactly one tile.
const (
	cellLevels   = 5
	cellsAcross  = 1 << cellLevels
	cellsPerTile = cellsAcross * cellsAcross
)

// cell is the points of one cell, and the sums of their coordinates.
type cell struct {
	count      uint32
	sumX, sumY uint64
}

// countKey is the name of a cell's only attribute.
const countKey = "count"

// drawCells draws the points of a tile counted by cells. A cell is a point at the
// mean of its points; its id is the code of the cell on the Z-curve of its level.
func (c *canvas) drawCells() LayerStats {
	if c.cells == nil {
		c.cells = new([cellsPerTile]cell)
	}
	clear(c.cells[:])
	level := c.tile.Z + cellLevels
	down := 32 - level
	c.source.Clusters(c.tile, level, func(k geo.Cluster) {
		x, y := k.At.X()>>down%cellsAcross, k.At.Y()>>down%cellsAcross
		at := &c.cells[interleave(x, y)]
		at.count += k.Count
		at.sumX += k.SumX
		at.sumY += k.SumY
	})
	c.fields = c.fields[:0]
	c.clean()
	c.names = append(c.names, countKey)
	var stats LayerStats
	first := interleave(c.tile.X, c.tile.Y) << (2 * cellLevels)
	for code := range c.cells {
		if at := &c.cells[code]; at.count > 0 {
			c.cellFeature(first|uint64(code), at)
			stats.Drawn++
			stats.Merged += int(at.count)
		}
	}
	return stats
}

func (c *canvas) cellFeature(id uint64, at *cell) {
	index, fresh := c.values.index(at.count)
	if fresh {
		c.values.number(valueUint, uint64(at.count))
	}
	n := len(c.features)
	c.features = slices.Grow(c.features, roomFixed)
	b := c.features[:cap(c.features)]
	b[n] = layerFeature
	start := n + 1
	b[start+1] = featureID
	n = putVarint(b, start+2, id)
	b[n], b[n+2] = featureTags, 0
	tags := n + 1
	n = putVarint(b, tags+2, uint64(index))
	b[tags] = byte(n - tags - 1)
	n = putPlace(b, n, c.floor(at.sumX/uint64(at.count), c.tile.X), c.floor(at.sumY/uint64(at.count), c.tile.Y))
	c.features = b[:closeLength(b, start, n)]
}

// floor rounds a world coordinate down to tile units, so that a cell stays
// within its tile.
func (c *canvas) floor(v uint64, tile uint32) int64 {
	return (int64(v) - int64(tile)<<(32-c.tile.Z)) >> c.grid.down << c.grid.up
}

// interleave is the code of a cell or tile on the Z-curve.
func interleave(x, y uint32) uint64 { return geo.At(x, y).Code() }
