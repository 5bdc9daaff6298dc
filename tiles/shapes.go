package tiles

import (
	"slices"

	"yizhan/geo"
)

// drawShapes draws lines or polygons, the largest first until the tile is full.
func (c *canvas) drawShapes() LayerStats {
	for limit := c.budget.Features; ; {
		left := c.choose(limit)
		drawn, tried, fits := c.encodeShapes()
		if fits || limit == 0 {
			return LayerStats{Drawn: drawn, Dropped: left}
		}
		limit = min(limit, tried) * 7 / 8 // so many went in, of all sizes
	}
}

// choose fills c.shapes with at most limit shapes that may show: whole bands of
// size from the largest down, and of the last band those with the lowest ids. It
// returns how many had to be left out.
func (c *canvas) choose(limit int) (left int) {
	c.shapes, c.scanned = c.shapes[:0], 0
	for band := geo.Bands - 1; band >= geo.FirstBand(c.source.Layer().Kind, c.tile.Z); band-- {
		from := len(c.shapes)
		c.source.SearchShapes(band, c.window, func(s *geo.Shape) bool {
			c.scanned++
			switch {
			case c.filter != nil && !c.holds(s):
			case from >= limit:
				left++
			default:
				c.shapes = append(c.shapes, s)
			}
			return true
		})
		if over := len(c.shapes) - limit; over > 0 {
			c.sortShapes(c.shapes[from:])
			clear(c.shapes[limit:])
			c.shapes = c.shapes[:limit]
			left += over
		}
	}
	c.sortShapes(c.shapes)
	return left
}

// holds reports whether the filter lets a shape through.
func (c *canvas) holds(s *geo.Shape) bool {
	if c.filter == nil {
		return true
	}
	c.refs = c.refs[:0]
	for i := range c.source.Layer().Fields {
		c.refs = append(c.refs, s.Ref(i))
	}
	return c.filter.Holds(c.refs)
}

// sortShapes puts shapes into the order of their ids.
func (c *canvas) sortShapes(shapes []*geo.Shape) {
	c.points.ids = c.points.ids[:0]
	for _, s := range shapes {
		c.points.ids = append(c.points.ids, s.ID)
	}
	order := c.order.byID(c.points.ids)
	c.sorted = c.sorted[:0]
	for _, o := range order {
		c.sorted = append(c.sorted, shapes[o])
	}
	copy(shapes, c.sorted)
	clear(c.sorted)
}

// encodeShapes encodes the chosen shapes; it stops when they make too many bytes,
// and says how many it came to.
func (c *canvas) encodeShapes() (drawn, tried int, fits bool) {
	c.clean()
	b := c.features
	for i, s := range c.shapes {
		var shows bool
		if b, shows = c.shapeFeature(b, s); shows {
			drawn++
		}
		if c.over(len(b)) {
			return 0, i, false
		}
	}
	c.features = b
	return drawn, len(c.shapes), true
}

// maxVertices is how many vertices a feature may have in a tile before it is
// drawn as a lower zoom would.
const maxVertices = 1 << 16

// shapeFeature appends a shape, unless nothing of it shows.
func (c *canvas) shapeFeature(b []byte, s *geo.Shape) (longer []byte, shows bool) {
	g := &c.geometry
	if c.options.Datum != "" {
		s = c.options.Datum.ShiftShape(s, &c.shifted)
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
