package tiles

import (
	"cmp"
	"slices"

	"yizhan/geo"
	"yizhan/geo/index"
)

// drawShapes draws lines or polygons: all of them, or where the tile would be too
// full the largest.
func (c *canvas) drawShapes() LayerStats {
	c.find()
	if n := len(c.found); n <= c.budget.Features && n*leastFeature <= c.bytes {
		c.shapes = append(c.shapes[:0], c.found...)
		c.sortShapes(c.shapes)
		if drawn, fits := c.encodeShapes(); fits {
			return LayerStats{Drawn: drawn}
		}
	}
	drawn, taken := c.encodeLargest()
	return LayerStats{Drawn: drawn, Dropped: len(c.found) - taken}
}

// leastFeature is what a line or polygon with an id and an attribute takes at least,
// in bytes: so many that do not fit need not be tried.
const leastFeature = 16

// find gathers the shapes that may show, size band by size band from the largest
// down; c.bands is where each ends.
func (c *canvas) find() {
	c.found, c.bands = c.found[:0], c.bands[:0]
	for band := index.Bands - 1; band >= index.FirstBand(c.source.Layer().Kind, c.tile.Z); band-- {
		c.source.SearchShapes(band, c.window, func(s *index.Shape) bool {
			c.scanned++
			if c.filter == nil || c.holds(s) {
				c.found = append(c.found, s)
			}
			return true
		})
		c.bands = append(c.bands, len(c.found))
	}
}

// encodeLargest encodes the shapes found from the largest size band down, in a band
// by their ids, until there are as many as may be or a few have not fitted. taken is
// how many were drawn or have nothing to show.
func (c *canvas) encodeLargest() (drawn, taken int) {
	const misfits = 8
	c.clean(c.budget.Features)
	missed, from := 0, 0
	for _, end := range c.bands {
		band := c.found[from:end]
		from = end
		if len(band) == 0 || missed >= misfits || drawn >= c.budget.Features {
			continue
		}
		c.sortByID(band)
		for _, s := range band {
			if missed >= misfits || drawn >= c.budget.Features {
				break
			}
			longer, shows := c.shapeFeature(c.features, s)
			switch {
			case c.over(len(longer)):
				missed++
				continue
			case shows:
				drawn++
			}
			c.features = longer
			taken++
		}
	}
	return drawn, taken
}

// holds reports whether the filter lets a shape through.
func (c *canvas) holds(s *index.Shape) bool {
	if c.filter == nil {
		return true
	}
	c.refs = c.refs[:0]
	for i := range c.source.Layer().Fields {
		c.refs = append(c.refs, s.Ref(i))
	}
	return c.filter.Holds(c.refs)
}

// sortByID puts shapes into the order of their ids.
func (c *canvas) sortByID(shapes []*index.Shape) {
	c.sortKeys = c.sortKeys[:0]
	for _, s := range shapes {
		c.sortKeys = append(c.sortKeys, s.ID)
	}
	c.sorted = c.sorted[:0]
	for _, o := range c.order.byKey(c.sortKeys) {
		c.sorted = append(c.sorted, shapes[o])
	}
	copy(shapes, c.sorted)
	clear(c.sorted)
}

// sortShapes puts shapes into the order of their places along a Z-curve through the
// tile, those of one place by their ids. That is nearly how they lie in memory, which
// is read quickest so.
func (c *canvas) sortShapes(shapes []*index.Shape) {
	c.sortKeys = c.sortKeys[:0]
	down := 0
	for w := c.window; max(w.MaxX-w.MinX, w.MaxY-w.MinY)>>down >= 1<<placeBits; {
		down++
	}
	for _, s := range shapes {
		at := s.Box.Center()
		x := min(max(at.X(), c.window.MinX), c.window.MaxX) - c.window.MinX
		y := min(max(at.Y(), c.window.MinY), c.window.MaxY) - c.window.MinY
		c.sortKeys = append(c.sortKeys, int64(geo.At(x>>down, y>>down).Code()))
	}
	order := c.order.byKey(c.sortKeys)
	c.sorted = c.sorted[:0]
	for _, o := range order {
		c.sorted = append(c.sorted, shapes[o])
	}
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && c.sortKeys[order[to]] == c.sortKeys[order[from]] {
			to++
		}
		if to-from > 1 {
			slices.SortFunc(c.sorted[from:to], func(a, b *index.Shape) int { return cmp.Compare(a.ID, b.ID) })
		}
		from = to
	}
	copy(shapes, c.sorted)
	clear(c.sorted)
}

// placeBits is how finely sorting looks at places: 2^11 along each side of a tile.
const placeBits = 11

// encodeShapes encodes the chosen shapes; it stops when they make too many bytes.
func (c *canvas) encodeShapes() (drawn int, fits bool) {
	c.clean(len(c.shapes))
	b := c.features
	for _, s := range c.shapes {
		var shows bool
		if b, shows = c.shapeFeature(b, s); shows {
			drawn++
		}
		if c.over(len(b)) {
			return 0, false
		}
	}
	c.features = b
	return drawn, true
}

// maxVertices is how many vertices a feature may have in a tile before it is
// drawn as a lower zoom would.
const maxVertices = 1 << 16

// shapeFeature appends a shape, unless nothing of it shows.
func (c *canvas) shapeFeature(b []byte, s *index.Shape) (longer []byte, shows bool) {
	g := &c.geometry
	if c.options.Datum != "" {
		s = index.ShiftShape(c.options.Datum, s, &c.shifted)
	}
	whole := c.grid.inside(s.Box)
	kind := c.source.Layer().Kind
	for detail := int(c.tile.Z); ; detail-- {
		g.draw(s, kind, &c.grid, whole, uint8(detail))
		if g.vertices <= maxVertices || detail == 0 {
			break
		}
	}
	if g.vertices == 0 {
		return b, false
	}
	c.refs = c.refs[:0]
	for _, f := range c.fields {
		c.refs = append(c.refs, s.Ref(f))
	}
	n := len(b)
	b = slices.Grow(b, roomFixed+roomTag*len(c.fields)+len(g.commands))
	b = b[:cap(b)]
	b[n] = layerFeature
	start := n + 1
	n = c.putHead(b, start+1, s.ID, c.refs)
	b[n], b[n+1], b[n+2] = featureType, geometryType(kind), featureGeometry
	n = putVarint(b, n+3, uint64(len(g.commands)))
	n += copy(b[n:], g.commands)
	return b[:closeLength(b, start, n)], true
}

func geometryType(k geo.Kind) byte {
	switch k {
	case geo.Point:
		return typePoint
	case geo.Line:
		return typeLine
	default:
		return typePolygon
	}
}
