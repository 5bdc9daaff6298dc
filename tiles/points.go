package tiles

import (
	"slices"

	"yizhan/geo"
)

// pointList is the single points of a tile, column by column.
type pointList struct {
	ids  []int64
	xy   []uint32  // x and y in tile units, each more by buffer, x in the upper half
	refs []geo.Ref // of the carried fields, point by point
}

func (p *pointList) reset() {
	p.ids, p.xy, p.refs = p.ids[:0], p.xy[:0], p.refs[:0]
}

// drawPoints draws every point of a tile, or cells when there are too many.
func (c *canvas) drawPoints() LayerStats {
	c.points.reset()
	c.shapes = c.shapes[:0]
	several := c.gatherSeveral()
	fits := true
	c.source.SearchPoints(c.window, func(b *geo.Bucket, _ bool) bool {
		c.gather(b, several)
		fits = len(c.points.ids) <= c.budget.Points
		return fits
	})
	single := len(c.points.ids)
	for _, s := range c.shapes {
		c.points.ids = append(c.points.ids, s.ID)
	}
	if !fits || len(c.points.ids) > c.budget.Points {
		return c.drawCells(1)
	}
	c.clean()
	drawn := c.encodePoints(single)
	if c.full() {
		return c.drawCells(1)
	}
	return LayerStats{Drawn: drawn}
}

// encodePoints encodes the gathered features, of which the first are single
// points, in the order of their ids; it stops when they make too many bytes.
func (c *canvas) encodePoints(single int) (drawn int) {
	width := len(c.fields)
	b := c.features
	for _, o := range c.order.byID(c.points.ids) {
		i := int(o)
		if i < single {
			b = c.pointFeature(b, c.points.ids[i], c.points.xy[i], c.points.refs[i*width:(i+1)*width])
			drawn++
		} else {
			var shows bool
			if b, shows = c.shapeFeature(b, c.shapes[i-single]); shows {
				drawn++
			}
		}
		if c.over(len(b)) {
			break
		}
	}
	c.features = b
	return drawn
}

// gatherSeveral finds the features of more than one point; they are met among
// the single points too, where their ids are to be passed over.
func (c *canvas) gatherSeveral() map[int64]bool {
	if !c.source.Several() {
		return nil
	}
	ids := map[int64]bool{}
	for band := range geo.Bands {
		c.source.SearchShapes(band, c.window, func(s *geo.Shape) bool {
			ids[s.ID] = true
			if c.holds(s) {
				c.shapes = append(c.shapes, s)
			}
			return true
		})
	}
	return ids
}

// gather appends the points of a leaf that show in the tile.
func (c *canvas) gather(b *geo.Bucket, several map[int64]bool) {
	g := c.grid
	n := len(c.points.ids)
	p := &c.points
	p.ids = slices.Grow(p.ids, len(b.IDs))[:n+len(b.IDs)]
	p.xy = slices.Grow(p.xy, len(b.IDs))[:n+len(b.IDs)]
	refs := slices.Grow(p.refs, len(b.IDs)*len(c.fields))
	width := 0
	if len(b.IDs) > 0 {
		width = len(b.Refs) / len(b.IDs)
	}
	c.scanned += len(b.At)
	for i, at := range b.At {
		if c.options.Datum != "" {
			at = c.options.Datum.Shift(at)
		}
		x, y := g.x(at.X()), g.y(at.Y())
		if !shows(x) || !shows(y) || several != nil && several[b.IDs[i]] {
			continue
		}
		if c.filter != nil && !c.filter.Holds(b.Refs[i*width:(i+1)*width]) {
			continue
		}
		p.ids[n] = b.IDs[i]
		p.xy[n] = uint32(x+buffer)<<16 | uint32(y+buffer)
		n++
		row := b.Refs[i*width : (i+1)*width]
		for _, f := range c.fields {
			refs = append(refs, row[f])
		}
	}
	p.ids, p.xy, p.refs = p.ids[:n], p.xy[:n], refs
}

// Room for a feature: what is fixed, and for each tag two numbers.
const (
	roomFixed = 64
	roomTag   = 10
)

// pointFeature appends a single point.
func (c *canvas) pointFeature(b []byte, id int64, xy uint32, refs []geo.Ref) []byte {
	n := len(b)
	if room := roomFixed + roomTag*len(refs); cap(b)-n < room {
		b = slices.Grow(b, room)
	}
	b = b[:cap(b)]
	b[n] = layerFeature
	start := n + 1
	n = c.putHead(b, start+1, id, refs)
	n = putPlace(b, n, int64(xy>>16)-buffer, int64(xy&0xffff)-buffer)
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
func (c *canvas) putHead(b []byte, n int, id int64, refs []geo.Ref) int {
	if id >= 0 {
		b[n] = featureID
		n = putVarint(b, n+1, uint64(id))
	}
	at := n + 1
	end := at + 1
	values := c.source.Values()
	for i, r := range refs {
		if !carried(values, r) {
			continue
		}
		index, fresh := c.values.index(uint32(r))
		if fresh {
			c.values.encode(values, r)
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
