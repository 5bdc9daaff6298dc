package index

import (
	"slices"
	"sync"

	"yizhan/geo"

	"github.com/paulmach/orb"
)

// Collection is one version of a layer's features. It never changes: any number
// of readers use it while [Collection.Edit] makes the next version, which shares
// all that stayed the same.
//
// Features that are one point lie in a quadtree, all others in R-trees by size.
// In a layer of points a feature of several points lies in both: once in the
// quadtree, by its first point, to be counted, and as a shape to be drawn.
type Collection struct {
	layer      *geo.Layer
	values     Values
	dictionary *Dictionary // of the writer
	points     *node       // the whole world; nil when there are none
	tally      tally
	shapes     bands
	several    int      // features of several points
	bare       []*Shape // features without geometry, by id
	count      int
	born       origin
	writer     *writer
	extent     func() (geo.Extent, bool)
}

// origin is how large a layer was when it was last built from scratch.
type origin struct{ features, values int }

// writer knows where each feature of the newest version is. It belongs to
// whoever edits; readers never use it.
type writer struct {
	head   *Collection // the version that it describes
	points map[int64]geo.Position
	shapes map[int64]*Shape
}

// Layer is the description that the features follow.
func (c *Collection) Layer() *geo.Layer { return c.layer }

// Len is the number of features, those without geometry included.
func (c *Collection) Len() int { return c.count }

// Values are the attribute values that the features refer to.
func (c *Collection) Values() *Values { return &c.values }

// Bound is the box around all features in degrees, zero when nothing has geometry.
func (c *Collection) Bound() orb.Bound {
	e, any := c.extent()
	if !any {
		return orb.Bound{}
	}
	return e.Bound()
}

// world is the ground of the topmost node.
var world = square{}

// SearchPoints visits the leaves of single points that touch the box until visit
// returns false; inside says that all of a leaf lies in the box.
func (c *Collection) SearchPoints(box geo.Extent, visit func(b *Bucket, inside bool) bool) {
	c.points.search(world, box, visit)
}

// Several reports whether some feature of a layer of points has more than one.
// Such features are shapes too, and are met twice.
func (c *Collection) Several() bool { return c.several > 0 }

// SearchShapes visits the shapes of one size band (see [FirstBand]) whose boxes
// touch the box, in no order, until visit returns false.
func (c *Collection) SearchShapes(band int, box geo.Extent, visit func(s *Shape) bool) {
	c.shapes.search(band, box, visit)
}

// Clusters visits the points of a layer of points that lie in the tile, grouped
// by the cells that are the tiles of zoom level; a cell may be visited more than
// once, and each feature is in exactly one visit. The box is of whole cells.
func (c *Collection) Clusters(box geo.Extent, level uint8, visit func(Cluster)) {
	c.points.cells(world, level, box, visit)
}

// Category is the index of the facet's category (see [Layer.Tallied]) among a
// feature's values, -1 for none of them.
func (c *Collection) Category(values []Ref) int { return c.tally.of(values) }

// Each visits all features, in no order, until visit returns false. It makes new
// values for each and is meant for comparing, not for drawing.
func (c *Collection) Each(visit func(id int64, g orb.Geometry, values []any) bool) {
	c.each(func(f feature) bool {
		values := make([]any, len(c.layer.Fields))
		for i := range values {
			values[i] = c.values.Any(f.ref(i))
		}
		if f.shape == nil {
			return visit(f.id, f.at.Point(), values)
		}
		return visit(f.id, f.shape.geometry(c.layer.Kind), values)
	})
}

// feature is one feature as the index holds it: a shape, or a point with values.
type feature struct {
	id    int64
	at    geo.Position
	refs  []Ref
	shape *Shape
}

func (f feature) ref(i int) Ref {
	if f.shape != nil {
		return f.shape.Ref(i)
	}
	return f.refs[i]
}

// each visits every feature once.
func (c *Collection) each(visit func(feature) bool) {
	multiple := map[int64]bool{}
	going := c.shapes.each(func(s *Shape) bool {
		if c.several > 0 {
			multiple[s.ID] = true
		}
		return visit(feature{id: s.ID, shape: s})
	})
	for _, s := range c.bare {
		going = going && visit(feature{id: s.ID, shape: s})
	}
	if !going {
		return
	}
	fields := len(c.layer.Fields)
	c.points.search(world, world.extent(), func(b *Bucket, _ bool) bool {
		for i, id := range b.IDs {
			if multiple[id] {
				continue
			}
			if !visit(feature{id: id, at: b.At[i], refs: b.Refs[i*fields : (i+1)*fields]}) {
				return false
			}
		}
		return true
	})
}

// seal finishes a version before it is published.
func (c *Collection) seal() *Collection {
	c.values = c.dictionary.held
	c.extent = sync.OnceValues(c.measure)
	return c
}

// measure finds the box around everything.
func (c *Collection) measure() (box geo.Extent, any bool) {
	add := func(e geo.Extent) {
		if !any {
			box, any = e, true
		}
		box = box.Union(e)
	}
	c.points.edges(world, &box, &any)
	c.shapes.each(func(s *Shape) bool { add(s.Box); return true })
	return box, any
}

// newWriter finds where every feature of the version is.
func newWriter(c *Collection) *writer {
	w := &writer{head: c, points: map[int64]geo.Position{}, shapes: map[int64]*Shape{}}
	c.each(func(f feature) bool {
		if f.shape != nil {
			w.shapes[f.id] = f.shape
		} else {
			w.points[f.id] = f.at
		}
		return true
	})
	return w
}

// bareAt finds a feature without geometry.
func (c *Collection) bareAt(id int64) (int, bool) {
	return slices.BinarySearchFunc(c.bare, id, func(s *Shape, id int64) int {
		switch {
		case s.ID < id:
			return -1
		case s.ID > id:
			return 1
		}
		return 0
	})
}
