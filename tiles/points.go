package tiles

import (
	"slices"

	"yizhan/geo/index"
)

// drawPoints draws every point of a tile, or cells when there are too many.
func (c *canvas) drawPoints() LayerStats {
	c.shapes = c.shapes[:0]
	several := c.gatherSeveral()
	c.clean(fewestSlots)
	drawn, fits := 0, true
	c.source.SearchPoints(c.window, func(b *index.Bucket, _ bool) bool {
		drawn += c.bucket(b, several)
		fits = drawn+len(c.shapes) <= c.budget.Points && !c.full()
		return fits
	})
	c.sortShapes(c.shapes)
	for i := 0; fits && i < len(c.shapes); i++ {
		var shows bool
		if c.features, shows = c.shapeFeature(c.features, c.shapes[i]); shows {
			drawn++
		}
		fits = !c.full()
	}
	if !fits || drawn > c.budget.Points {
		return c.drawCells(1)
	}
	return LayerStats{Drawn: drawn}
}

// gatherSeveral finds the features of more than one point; they are met among
// the single points too, where their ids are to be passed over.
func (c *canvas) gatherSeveral() map[int64]bool {
	if !c.source.Several() {
		return nil
	}
	ids := map[int64]bool{}
	for band := range index.Bands {
		c.source.SearchShapes(band, c.window, func(s *index.Shape) bool {
			ids[s.ID] = true
			if c.holds(s) {
				c.shapes = append(c.shapes, s)
			}
			return true
		})
	}
	return ids
}

// bucket encodes the points of a leaf that show in the tile, and returns how many.
func (c *canvas) bucket(b *index.Bucket, several map[int64]bool) (drawn int) {
	g, features, width := c.grid, c.features, len(c.source.Layer().Fields)
	c.scanned += len(b.At)
	for i, at := range b.At {
		if c.options.Datum != "" {
			at = c.options.Datum.Shift(at)
		}
		x, y := g.x(at.X()), g.y(at.Y())
		if !shows(x) || !shows(y) || several != nil && several[b.IDs[i]] {
			continue
		}
		row := b.Refs[i*width : (i+1)*width]
		if c.filter != nil && !c.filter.Holds(row) {
			continue
		}
		features = c.pointFeature(features, b.IDs[i], x, y, row)
		drawn++
	}
	c.features = features
	return drawn
}

// Room for a feature: what is fixed, and for each tag two numbers.
const (
	roomFixed = 64
	roomTag   = 10
)

// pointFeature appends a single point.
func (c *canvas) pointFeature(b []byte, id int64, x, y int64, row []index.Ref) []byte {
	n := len(b)
	if room := roomFixed + roomTag*len(c.fields); cap(b)-n < room {
		b = slices.Grow(b, room)
	}
	b = b[:cap(b)]
	b[n] = layerFeature
	start := n + 1
	c.refs = c.refs[:0]
	for _, f := range c.fields {
		c.refs = append(c.refs, row[f])
	}
	n = c.putHead(b, start+1, id, c.refs)
	n = putPlace(b, n, x, y)
	return b[:closeLength(b, start, n)]
}

// putPlace writes type and geometry of a point.
func putPlace(b []byte, n int, x, y int64) int {
	p := b[n : n+5 : len(b)]
	p[0], p[1], p[2], p[4] = featureType, typePoint, featureGeometry, 1<<3|moveTo
	end := putVarint(b, n+5, zigzag(x))
	end = putVarint(b, end, zigzag(y))
	p[3] = byte(end - n - 4)
	return end
}

// putHead writes id and tags of a feature at b[n:], which has the room. An id
// below zero has no place in a tile and is left out.
func (c *canvas) putHead(b []byte, n int, id int64, refs []index.Ref) int {
	if id >= 0 {
		b[n] = featureID
		n = putVarint(b, n+1, uint64(id))
	}
	at := n + 1
	end := at + 1
	values := c.source.Values()
	for i, r := range refs {
		if r == 0 {
			continue
		}
		index, fresh := c.values.index(uint32(r))
		if fresh && !c.values.encode(values, r) || index == refused {
			continue
		}
		key := c.keys[i]
		if key < 0 {
			key = c.addKey(i)
		}
		end = putVarint(b, end, uint64(key))
		end = putVarint(b, end, uint64(index))
	}
	if end == at+1 {
		return n
	}
	b[n] = featureTags
	return closeLength(b, at, end)
}
