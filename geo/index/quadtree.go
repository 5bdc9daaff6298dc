package index

import (
	"slices"

	"yizhan/geo"
)

// node is part of a quadtree of points: a square of the world that halves in
// each direction from level to level, and at level z is a tile of zoom z. Nodes
// that a published version holds are never changed; an edit copies the path to
// what it changes and works in place on the copies, which bear its mark.
//
// Every node knows how many points lie in it, in all and of each category of the
// facet, and the sums of their coordinates, so that a cell of a low zoom costs one
// visit.
type node struct {
	mark       *mark
	sumX, sumY uint64
	count      uint32
	tally      []uint32  // by category; nil while there are none of any
	kids       *[4]*node // north-west, north-east, south-west, south-east; nil in a leaf
	leaf       Bucket
}

// Bucket is the points of a leaf, column by column and along the Z-curve, those of one place by
// their ids: so all points of a layer have one order, whatever was done to it, which is also that
// of memory. Refs has the values of the layer's fields of the first point, then of the second and
// so on.
type Bucket struct {
	IDs  []int64
	At   []geo.Position
	Refs []Ref
}

// leafRoom is how many points a leaf holds before it is split: enough to read
// in a run, few enough to copy for an edit.
const leafRoom = 128

// mark tells the nodes of one edit from all others: there are no two alike.
type mark struct{ _ byte }

// pointEdit changes a quadtree.
type pointEdit struct {
	mark   *mark
	fields int
	tally  *tally
}

// quadrant is the index of the child of a node of the level that p lies in.
func quadrant(p geo.Position, level uint8) int {
	shift := geo.WorldBits - 1 - level
	return int(p.X()>>shift&1 | p.Y()>>shift&1<<1)
}

// own returns a node that the edit may change.
func (e *pointEdit) own(n *node) *node {
	if n == nil {
		return &node{mark: e.mark}
	}
	if n.mark == e.mark {
		return n
	}
	c := *n
	c.mark = e.mark
	c.tally = slices.Clone(n.tally)
	if n.kids != nil {
		kids := *n.kids
		c.kids = &kids
		return &c
	}
	const growth = 8
	c.leaf.IDs = append(make([]int64, 0, len(n.leaf.IDs)+growth), n.leaf.IDs...)
	c.leaf.At = append(make([]geo.Position, 0, len(n.leaf.At)+growth), n.leaf.At...)
	c.leaf.Refs = append(make([]Ref, 0, len(n.leaf.Refs)+growth*e.fields), n.leaf.Refs...)
	return &c
}

// insert adds a point to the tree of which n, at the level, is the top.
func (e *pointEdit) insert(n *node, level uint8, id int64, at geo.Position, values []Ref) *node {
	n = e.own(n)
	n.count++
	n.sumX += uint64(at.X())
	n.sumY += uint64(at.Y())
	e.tally.note(n, values, 1)
	if n.kids != nil {
		q := quadrant(at, level)
		n.kids[q] = e.insert(n.kids[q], level+1, id, at, values)
		return n
	}
	n.leaf.add(id, at, values)
	if len(n.leaf.IDs) > leafRoom && level < geo.WorldBits {
		e.split(n, level)
	}
	return n
}

// split turns a leaf into four.
func (e *pointEdit) split(n *node, level uint8) {
	full := n.leaf
	n.leaf, n.kids = Bucket{}, new([4]*node)
	for i, at := range full.At {
		q := quadrant(at, level)
		n.kids[q] = e.insert(n.kids[q], level+1, full.IDs[i], at, full.Refs[i*e.fields:(i+1)*e.fields])
	}
}

// remove takes out a point that the tree holds with these values; what is left
// may be nil.
func (e *pointEdit) remove(n *node, level uint8, id int64, at geo.Position, values []Ref) *node {
	if n.count == 1 {
		return nil
	}
	n = e.own(n)
	n.count--
	n.sumX -= uint64(at.X())
	n.sumY -= uint64(at.Y())
	e.tally.note(n, values, -1)
	if n.kids == nil {
		n.leaf.drop(slices.Index(n.leaf.IDs, id), e.fields)
		return n
	}
	q := quadrant(at, level)
	n.kids[q] = e.remove(n.kids[q], level+1, id, at, values)
	if n.count <= leafRoom/2 {
		var all Bucket
		n.gather(&all)
		n.kids, n.leaf = nil, all
	}
	return n
}

// add puts a point where it belongs in the order.
func (b *Bucket) add(id int64, at geo.Position, values []Ref) {
	i := b.place(id, at)
	b.IDs = slices.Insert(b.IDs, i, id)
	b.At = slices.Insert(b.At, i, at)
	b.Refs = slices.Insert(b.Refs, i*len(values), values...)
}

// place is how many points come before one.
func (b *Bucket) place(id int64, at geo.Position) int {
	code := at.Code()
	from, to := 0, len(b.At)
	for from < to {
		mid := (from + to) / 2
		if other := b.At[mid].Code(); other < code || other == code && b.IDs[mid] < id {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// drop takes out point i.
func (b *Bucket) drop(i, fields int) {
	b.IDs, b.At = slices.Delete(b.IDs, i, i+1), slices.Delete(b.At, i, i+1)
	b.Refs = slices.Delete(b.Refs, i*fields, (i+1)*fields)
}

// gather appends all points under the node.
func (n *node) gather(into *Bucket) {
	if n == nil {
		return
	}
	if n.kids != nil {
		for _, k := range n.kids {
			k.gather(into)
		}
		return
	}
	into.IDs = append(into.IDs, n.leaf.IDs...)
	into.At = append(into.At, n.leaf.At...)
	into.Refs = append(into.Refs, n.leaf.Refs...)
}

// find returns the values of a point that the tree holds.
func (n *node) find(id int64, at geo.Position, fields int) []Ref {
	for level := uint8(0); n.kids != nil; level++ {
		n = n.kids[quadrant(at, level)]
	}
	i := slices.Index(n.leaf.IDs, id)
	return n.leaf.Refs[i*fields : (i+1)*fields]
}

// square is the ground of a node.
type square struct {
	x, y  uint32
	level uint8
}

func (s square) extent() geo.Extent {
	return geo.Extent{MinX: s.x, MinY: s.y, MaxX: s.x + s.reach(), MaxY: s.y + s.reach()}
}

// reach is the side less one.
func (s square) reach() uint32 { return uint32(1<<(geo.WorldBits-uint64(s.level)) - 1) }

func (s square) kid(q int) square {
	half := uint32(1) << (geo.WorldBits - 1 - s.level)
	return square{x: s.x + half*uint32(q&1), y: s.y + half*uint32(q>>1), level: s.level + 1}
}

// search visits the leaves that touch the box, until visit returns false;
// inside says that all of the leaf lies in the box.
func (n *node) search(ground square, box geo.Extent, visit func(b *Bucket, inside bool) bool) bool {
	if n == nil || !box.Intersects(ground.extent()) {
		return true
	}
	if n.kids == nil {
		return visit(&n.leaf, box.Contains(ground.extent()))
	}
	for q, k := range n.kids {
		if k != nil && !k.search(ground.kid(q), box, visit) {
			return false
		}
	}
	return true
}

// Cluster is some points of one cell: how many, in all and of each category of
// the facet (none at all where Tally is nil), the sums of their coordinates, and
// one place in the cell. A cluster of one point is that of a bucket at the index.
type Cluster struct {
	At         geo.Position
	Count      uint32
	SumX, SumY uint64
	Tally      []uint32
	Bucket     *Bucket
	Index      int
}

// cells visits the points in the box, which is made of whole cells of the level,
// cell by cell where the tree is that deep and point by point where it is not.
func (n *node) cells(ground square, level uint8, box geo.Extent, visit func(Cluster)) {
	if n == nil || !box.Intersects(ground.extent()) {
		return
	}
	if ground.level >= level {
		k := Cluster{At: geo.At(ground.x, ground.y), Count: n.count, SumX: n.sumX, SumY: n.sumY, Tally: n.tally}
		if n.count == 1 && n.kids == nil {
			k.Bucket = &n.leaf
		}
		visit(k)
		return
	}
	if n.kids != nil {
		for q, k := range n.kids {
			k.cells(ground.kid(q), level, box, visit)
		}
		return
	}
	for i, at := range n.leaf.At {
		if box.Holds(at) {
			visit(Cluster{At: at, Count: 1, SumX: uint64(at.X()), SumY: uint64(at.Y()), Bucket: &n.leaf, Index: i})
		}
	}
}

// edges widens the box to all points, skipping what lies inside it already.
func (n *node) edges(ground square, box *geo.Extent, any *bool) {
	if n == nil || (*any && box.Contains(ground.extent())) {
		return
	}
	if n.kids != nil {
		for q, k := range n.kids {
			k.edges(ground.kid(q), box, any)
		}
		return
	}
	for _, at := range n.leaf.At {
		if !*any {
			*box, *any = at.Extent(), true
		}
		*box = box.Union(at.Extent())
	}
}
