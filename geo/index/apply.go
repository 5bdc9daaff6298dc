package index

import (
	"slices"

	"yizhan/geo"
)

// applier carries the changes of an edit out on a version that nobody has seen.
type applier struct {
	next    *Collection
	writer  *writer
	points  pointEdit
	shapes  bandEdit
	touched touches
	changed bool
	ownBare bool // next.bare is not shared any more
}

func (a *applier) apply(o *op) {
	old, had := a.old(o.id)
	if o.gone && !had || !o.gone && had && a.same(old, o.next) {
		return
	}
	a.changed = true
	from := uint8(0)
	if had && !o.gone && old.inPlaceOf(o.next) {
		if old.shape == nil {
			old.refs = a.next.points.find(old.id, old.at, a.points.fields)
		}
		from = a.touched.shownFrom(old, o.next)
	}
	if had {
		a.touched.feature(old, from)
		a.takeOut(old)
	}
	if !o.gone {
		a.touched.feature(o.next, from)
		a.putIn(o.next)
	}
}

// inPlaceOf reports whether the features have the same geometry.
func (f feature) inPlaceOf(o feature) bool {
	if f.shape == nil || o.shape == nil {
		return f.shape == nil && o.shape == nil && f.at == o.at
	}
	return f.shape.parts == o.shape.parts && slices.Equal(f.shape.data[f.shape.fields:], o.shape.data[o.shape.fields:])
}

func (a *applier) old(id int64) (feature, bool) {
	if at, had := a.writer.points[id]; had {
		return feature{id: id, at: at}, true
	}
	s, had := a.writer.shapes[id]
	return feature{id: id, shape: s}, had
}

// same compares geometry and attributes.
func (a *applier) same(old, next feature) bool {
	if old.shape != nil || next.shape != nil {
		return old.shape != nil && next.shape != nil && old.shape.same(next.shape)
	}
	return old.at == next.at && slices.Equal(a.next.points.find(old.id, old.at, a.points.fields), next.refs)
}

func (a *applier) takeOut(f feature) {
	a.next.count--
	s := f.shape
	if s == nil {
		delete(a.writer.points, f.id)
		values := a.next.points.find(f.id, f.at, a.points.fields)
		a.next.points = a.points.remove(a.next.points, 0, f.id, f.at, values)
		return
	}
	delete(a.writer.shapes, f.id)
	if s.parts == 0 {
		if i, found := a.bare(f.id); found {
			a.next.bare = slices.Delete(a.next.bare, i, i+1)
		}
		return
	}
	a.shapes.remove(s)
	if a.next.layer.Kind == geo.Point {
		a.next.several--
		a.next.points = a.points.remove(a.next.points, 0, s.ID, s.first(), s.refs())
	}
}

func (a *applier) putIn(f feature) {
	a.next.count++
	s := f.shape
	if s == nil {
		a.writer.points[f.id] = f.at
		a.next.points = a.points.insert(a.next.points, 0, f.id, f.at, f.refs)
		return
	}
	a.writer.shapes[f.id] = s
	if s.parts == 0 {
		i, _ := a.bare(f.id)
		a.next.bare = slices.Insert(a.next.bare, i, s)
		return
	}
	a.shapes.insert(s)
	if a.next.layer.Kind == geo.Point {
		a.next.several++
		a.next.points = a.points.insert(a.next.points, 0, s.ID, s.first(), s.refs())
	}
}

// bare finds a feature without geometry in a list that may be changed.
func (a *applier) bare(id int64) (int, bool) {
	if !a.ownBare {
		a.next.bare, a.ownBare = slices.Clone(a.next.bare), true
	}
	return a.next.bareAt(id)
}

// Values that nobody refers to any more stay in the dictionary, and memory of
// replaced shapes in their slabs, until the layer is rebuilt: when the
// dictionary has more than twice the entries it was born with plus spareValues,
// or when the layer has shrunk below a quarter. So the work is spread over at
// least as many changes, and memory stays within a constant factor of what is
// in use.
const (
	spareValues   = 1 << 16
	smallFeatures = 1 << 12
)

// settled is the version to publish: this one, or the same features rebuilt.
func (c *Collection) settled() *Collection {
	values := c.dictionary.held.Len()
	if values <= 2*c.born.values+spareValues && (c.count >= c.born.features/4 || c.born.features < smallFeatures) {
		return c.seal()
	}
	c.seal()
	b := NewBuilder(c.layer, c.count)
	translate := b.dictionary.translate(&c.values)
	refs := make([]Ref, len(c.layer.Fields))
	c.each(func(f feature) bool {
		for i := range refs {
			refs[i] = translate(f.ref(i))
		}
		if f.shape == nil {
			b.addPoint(f.id, f.at, refs)
			return true
		}
		s := f.shape.moved(&b.slab)
		for i, r := range refs {
			s.data[i] = uint32(r)
		}
		b.addShape(&s)
		return true
	})
	return b.Build()
}
