package index

import (
	"cmp"
	"slices"
	"sort"

	"yizhan/geo"
)

// plot is points as they were added, and the order of their codes.
type plot struct {
	Bucket
	fields int
	codes  []uint64 // sorted
	order  []uint32 // order[i] is the point of codes[i]
	values *reordering
	tally  tally // in the new numbers
}

// newPlot sorts the points along the Z-curve, those of one place by their ids.
func newPlot(points Bucket, fields int, values *reordering, t tally) *plot {
	p := &plot{Bucket: points, fields: fields, values: values, tally: t, codes: make([]uint64, len(points.At)),
		order: make([]uint32, len(points.At))}
	for i, at := range points.At {
		p.codes[i], p.order[i] = at.Code(), uint32(i)
	}
	geo.SortCodes(p.codes, p.order)
	for from := 0; from < len(p.codes); {
		to := from + 1
		for to < len(p.codes) && p.codes[to] == p.codes[from] {
			to++
		}
		if to-from > 1 {
			slices.SortFunc(p.order[from:to], func(a, b uint32) int { return cmp.Compare(p.IDs[a], p.IDs[b]) })
		}
		from = to
	}
	return p
}

// chunkPoints is how many points share an allocation, so that the points of a
// tile are close in memory and an edited leaf holds on to little of the rest.
const chunkPoints = 2048

// build makes the node of a level that holds points from to to of the order;
// chunk has these points already when it is not nil.
func (p *plot) build(from, to int, level uint8, chunk *Bucket) *node {
	if from == to {
		return nil
	}
	if chunk == nil && to-from <= chunkPoints {
		chunk = p.copied(from, to)
	}
	n := &node{count: uint32(to - from)}
	if to-from <= leafRoom || level == geo.WorldBits {
		if chunk == nil {
			chunk = p.copied(from, to)
		}
		n.leaf = *chunk
		for i, at := range chunk.At {
			n.sumX += uint64(at.X())
			n.sumY += uint64(at.Y())
			p.tally.note(n, chunk.Refs[i*p.fields:(i+1)*p.fields], 1)
		}
		return n
	}
	n.kids = new([4]*node)
	shift := 2 * (geo.WorldBits - 1 - level)
	start := from
	for q := range uint64(4) {
		end := start + sort.Search(to-start, func(i int) bool { return p.codes[start+i]>>shift&3 > q })
		kid := p.build(start, end, level+1, chunk.part(start-from, end-from, p.fields))
		if kid != nil {
			n.kids[q] = kid
			n.sumX += kid.sumX
			n.sumY += kid.sumY
			n.sum(kid)
		}
		start = end
	}
	return n
}

// copied gathers points that were added in any order.
func (p *plot) copied(from, to int) *Bucket {
	b := &Bucket{
		IDs: make([]int64, to-from), At: make([]geo.Position, to-from), Refs: make([]Ref, 0, (to-from)*p.fields),
	}
	for i, o := range p.order[from:to] {
		b.IDs[i], b.At[i] = p.IDs[o], p.At[o]
		for _, r := range p.Refs[int(o)*p.fields : (int(o)+1)*p.fields] {
			b.Refs = append(b.Refs, p.values.ref(r))
		}
	}
	return b
}

// part is a piece of a bucket in the same memory, that cannot grow into the rest.
func (b *Bucket) part(from, to, fields int) *Bucket {
	if b == nil {
		return nil
	}
	return &Bucket{IDs: b.IDs[from:to:to], At: b.At[from:to:to], Refs: b.Refs[from*fields : to*fields : to*fields]}
}
