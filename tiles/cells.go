package tiles

import (
	"slices"

	"yizhan/geo"
	"yizhan/geo/index"
)

// Cells are the tiles five zooms deeper: 32 by 32 of them in a tile, each 128
// units wide, anchored to the world, and each in exactly one tile. Where that is
// too much for the budget they are coarser.
const (
	cellLevels      = 5
	fewestLevels    = 1
	datumCellMargin = 1 // cells beyond the ground of a tile whose mean may be shifted into it
)

// drawCells draws the points of a tile by cells: one that is alone in its cell as
// itself, several as one feature at their mean that counts them. Cells that the
// zoom calls for are drawn at their usual level; degraded is 1 for those in place
// of single points.
func (c *canvas) drawCells(degraded int) LayerStats {
	for levels := uint8(cellLevels); ; levels-- {
		c.scanned = 0
		c.cells.start(c, levels)
		c.gatherCells()
		stats := c.encodeCells()
		if !c.full() || levels == fewestLevels {
			stats.Coarser = degraded + int(cellLevels-levels)
			return stats
		}
	}
}

// gatherCells counts the points by cells: by the index's own counts where all are
// drawn, one by one under a filter.
func (c *canvas) gatherCells() {
	g := &c.cells
	if c.filter == nil {
		c.source.Clusters(g.box, g.level, func(k index.Cluster) {
			c.scanned++
			g.add(c.source, k)
		})
		return
	}
	width := len(c.source.Layer().Fields)
	c.source.SearchPoints(g.box, func(b *index.Bucket, _ bool) bool {
		c.scanned += len(b.At)
		for i, at := range b.At {
			if g.box.Holds(at) && c.filter.Holds(b.Refs[i*width:(i+1)*width]) {
				g.add(c.source, index.Cluster{At: at, Count: 1, SumX: uint64(at.X()), SumY: uint64(at.Y()), Bucket: b,
					Index: i})
			}
		}
		return true
	})
}

// encodeCells encodes the cells that belong to the tile, row by row.
func (c *canvas) encodeCells() LayerStats {
	c.clean(2 * len(c.cells.cells))
	g := &c.cells
	g.startKeys()
	var stats LayerStats
	for i := range g.cells {
		at := &g.cells[i]
		if at.count == 0 {
			continue
		}
		shown := c.options.Datum.Shift(geo.At(uint32(at.sumX/uint64(at.count)), uint32(at.sumY/uint64(at.count))))
		if shown.X()>>(32-c.tile.Z) != c.tile.X || shown.Y()>>(32-c.tile.Z) != c.tile.Y {
			continue
		}
		stats.Drawn++
		if at.count == 1 {
			c.features = c.alone(c.features, at, shown)
			continue
		}
		c.cellFeature(i, shown)
		stats.Merged += int(at.count)
	}
	return stats
}

// alone appends the only point of a cell.
func (c *canvas) alone(b []byte, at *cell, shown geo.Position) []byte {
	width := len(c.source.Layer().Fields)
	row := at.bucket.Refs[at.index*width : (at.index+1)*width]
	return c.pointFeature(b, at.bucket.IDs[at.index], c.grid.x(shown.X()), c.grid.y(shown.Y()), row)
}

// cellFeature appends the i-th cell of the grid.
func (c *canvas) cellFeature(i int, shown geo.Position) {
	g := &c.cells
	n := len(c.features)
	c.features = slices.Grow(c.features, roomFixed+roomTag*(1+g.categories))
	b := c.features[:cap(c.features)]
	b[n] = layerFeature
	start := n + 1
	b[start+1] = featureID
	n = putVarint(b, start+2, g.id(i))
	b[n] = featureTags
	tags := n + 1
	n = c.putCount(b, tags+1, 0, g.cells[i].count)
	for category, count := range g.tally(i) {
		if count > 0 {
			n = c.putCount(b, n, 1+category, count)
		}
	}
	n = closeLength(b, tags, n)
	n = putPlace(b, n, c.floor(shown.X(), c.tile.X), c.floor(shown.Y(), c.tile.Y))
	c.features = b[:closeLength(b, start, n)]
}

// countValue marks a key of the value table as a count and not a value's number.
const countValue = 1 << 31

// putCount writes a tag: which is 0 for the count of all, else a category's.
func (c *canvas) putCount(b []byte, n, which int, count uint32) int {
	index, fresh := c.values.index(countValue | count)
	if fresh {
		c.values.number(valueUint, uint64(count))
	}
	key := c.cells.keys[which]
	if key < 0 {
		key = len(c.names)
		c.cells.keys[which] = key
		c.names = append(c.names, c.countName(which))
	}
	return putVarint(b, putVarint(b, n, uint64(key)), uint64(index))
}

func (c *canvas) countName(which int) string {
	if which == 0 {
		return geo.CountKey
	}
	_, categories := c.source.Layer().Tallied()
	return geo.CountPrefix + categories[which-1].Value
}

// floor rounds a world coordinate down to tile units, so that a cell stays
// within its tile.
func (c *canvas) floor(v, tile uint32) int64 {
	return (int64(v) - int64(tile)<<(32-c.tile.Z)) >> c.grid.down << c.grid.up
}
