package tiles

import (
	"slices"

	"yizhan/geo"
	"yizhan/geo/index"
)

// cellGrid is the cells of a tile while they are counted. It keeps its memory.
type cellGrid struct {
	level      uint8      // the zoom whose tiles the cells are
	box        geo.Extent // of whole cells
	x0, y0     uint32     // the first cell
	across     uint32
	cells      []cell // row by row
	categories int
	tallies    []uint32 // of each cell, by category
	keys       []int    // in the layer, -1 until used: of the count, then of each category
}

// cell is the points of one cell, and the sums of their coordinates; where there
// is one it is that of a bucket at the index.
type cell struct {
	count      uint32
	sumX, sumY uint64
	bucket     *index.Bucket
	index      int
}

// start makes the grid of a tile's ground, with cells so many zooms deeper.
func (g *cellGrid) start(c *canvas, levels uint8) {
	g.level = c.tile.Z + levels
	g.box = c.tile.Extent()
	down := 32 - g.level
	if c.options.Datum != "" {
		margin := uint32(datumCellMargin) << down
		g.box = c.options.Datum.Ground(g.box).Grown(margin).Whole(g.level)
	}
	g.x0, g.y0 = g.box.MinX>>down, g.box.MinY>>down
	g.across = g.box.MaxX>>down - g.x0 + 1
	_, categories := c.source.Layer().Tallied()
	g.categories = len(categories)
	n := int(g.across * (g.box.MaxY>>down - g.y0 + 1))
	g.cells = slices.Grow(g.cells[:0], n)[:n]
	clear(g.cells)
	g.tallies = slices.Grow(g.tallies[:0], n*g.categories)[:n*g.categories]
	clear(g.tallies)
}

// startKeys forgets which keys the layer has.
func (g *cellGrid) startKeys() {
	g.keys = g.keys[:0]
	for range 1 + g.categories {
		g.keys = append(g.keys, -1)
	}
}

// add counts some points of a cell.
func (g *cellGrid) add(source *index.Collection, k index.Cluster) {
	down := 32 - g.level
	i := int((k.At.Y()>>down-g.y0)*g.across + (k.At.X()>>down - g.x0))
	at := &g.cells[i]
	at.count += k.Count
	at.sumX += k.SumX
	at.sumY += k.SumY
	if k.Bucket == nil {
		for category, count := range k.Tally {
			g.tallies[i*g.categories+category] += count
		}
		return
	}
	at.bucket, at.index = k.Bucket, k.Index
	width := len(source.Layer().Fields)
	if category := source.Category(k.Bucket.Refs[k.Index*width : (k.Index+1)*width]); category >= 0 {
		g.tallies[i*g.categories+category]++
	}
}

// tally is the counts of the i-th cell by category.
func (g *cellGrid) tally(i int) []uint32 {
	return g.tallies[i*g.categories : (i+1)*g.categories]
}

// Ids of cells lie above those of rows, and below 2^53, which every client can
// hold: one bit, the level in 5 bits, and the cell's code on the Z-curve, of which
// the lowest 44 bits tell all cells of zoom 17 and less apart, and those of one
// tile at any.
const (
	cellIDBit   = 1 << 52
	cellIDLevel = 44
)

// id is the number of the i-th cell, the same in every tile set and version.
func (g *cellGrid) id(i int) uint64 {
	x, y := g.x0+uint32(i)%g.across, g.y0+uint32(i)/g.across
	return cellIDBit | uint64(g.level)<<cellIDLevel | geo.At(x, y).Code()&(1<<cellIDLevel-1)
}

// release lets go of the collection.
func (g *cellGrid) release() { clear(g.cells) }
