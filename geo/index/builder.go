package index

import (
	"cmp"
	"slices"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Builder takes up the features of a whole layer, in any order, and makes the
// first version of its [Collection]. It serves one goroutine.
type Builder struct {
	layer      *geo.Layer
	dictionary *Dictionary
	tally      tally
	shaper     shaper
	places     *writer
	singles    Bucket
	shapes     [][]Shape // in chunks of shapeChunk
	count      int       // of shapes
	slab       slab
}

// NewBuilder starts a collection of the layer; sizeHint is how many features to
// expect, 0 when that is not known.
func NewBuilder(layer *geo.Layer, sizeHint int) *Builder {
	b := &Builder{layer: layer, dictionary: newDictionary()}
	b.tally = newTally(layer, b.dictionary)
	b.places = &writer{points: map[int64]geo.Position{}, shapes: map[int64]*Shape{}}
	if layer.Kind == geo.Point {
		b.places.points = make(map[int64]geo.Position, sizeHint)
		b.singles = Bucket{
			IDs: make([]int64, 0, sizeHint), At: make([]geo.Position, 0, sizeHint),
			Refs: make([]Ref, 0, sizeHint*len(layer.Fields)),
		}
	} else {
		b.places.shapes = make(map[int64]*Shape, sizeHint)
	}
	return b
}

// Dictionary holds the values of the features; what [Builder.Add] is given must
// be interned there.
func (b *Builder) Dictionary() *Dictionary { return b.dictionary }

// Add takes up a feature: WKB or EWKB of longitude and latitude in degrees, and
// one value for each of the layer's fields. Both are copied. A feature whose
// geometry is nil or empty is kept without. The error is of kind ErrInvalid, as
// for an id that was added before, and the feature is then left out.
func (b *Builder) Add(id int64, wkb []byte, values []Ref) error {
	if len(values) != len(b.layer.Fields) {
		return lang.Errorf("layer %q: %d values for %d fields: %w", b.layer.Name, len(values), len(b.layer.Fields),
			geo.ErrInvalid)
	}
	if b.known(id) {
		return lang.Errorf("layer %q: duplicate feature id %d; ids must be unique: %w", b.layer.Name, id,
			geo.ErrInvalid)
	}
	made, err := b.shaper.read(b.layer.Kind, id, wkb, values)
	if err != nil {
		return lang.Errorf("layer %q: %w", b.layer.Name, err)
	}
	if made.points == 1 {
		b.addPoint(id, made.single, values)
	} else {
		b.addShape(&made.shape)
	}
	return nil
}

// known reports whether a feature of that id has been added.
func (b *Builder) known(id int64) bool {
	if _, twice := b.places.points[id]; twice {
		return true
	}
	_, twice := b.places.shapes[id]
	return twice
}

func (b *Builder) addPoint(id int64, at geo.Position, values []Ref) {
	b.places.points[id] = at
	b.singles.IDs = append(b.singles.IDs, id)
	b.singles.At = append(b.singles.At, at)
	b.singles.Refs = append(b.singles.Refs, values...)
}

func (b *Builder) addShape(s *Shape) {
	b.places.shapes[s.ID] = nil
	if b.count%shapeChunk == 0 {
		b.shapes = append(b.shapes, make([]Shape, 0, shapeChunk))
	}
	last := &b.shapes[b.count/shapeChunk]
	*last = append(*last, s.moved(&b.slab))
	b.count++
}

// shapeChunk is how many shapes share an allocation.
const shapeChunk = 256

// Build makes the collection. The builder must not be used again.
func (b *Builder) Build() *Collection {
	c := &Collection{layer: b.layer, dictionary: b.dictionary, writer: b.places}
	c.count = len(b.singles.IDs) + b.count
	c.born = origin{features: c.count, values: b.dictionary.held.Len()}
	order := b.dictionary.reorder()
	c.tally = b.tally.renumbered(order)
	b.placeShapes(c, order)
	points := newPlot(b.singles, len(b.layer.Fields), order, c.tally)
	b.singles = Bucket{}
	c.points = points.build(0, len(points.codes), 0, nil)
	order.finish()
	c.writer.head = c
	return c.seal()
}

// placeShapes moves the shapes into memory in the order of the Z-curve and
// indexes them in that order.
func (b *Builder) placeShapes(c *Collection, values *reordering) {
	codes, order := make([]uint64, b.count), make([]uint32, b.count)
	for i := range codes {
		codes[i], order[i] = b.shape(uint32(i)).Box.Center().Code(), uint32(i)
	}
	geo.SortCodes(codes, order)
	var room slab
	var placed []Shape
	edit := bandEdit{bands: &c.shapes}
	for _, o := range order {
		if len(placed) == cap(placed) {
			placed = make([]Shape, 0, min(shapeChunk, len(order)))
		}
		placed = append(placed, b.shape(o).moved(&room))
		s := &placed[len(placed)-1]
		b.places.shapes[s.ID] = s
		if s.parts > 0 && b.layer.Kind == geo.Point {
			c.several++
			b.anchor(s) // with the old numbers, as the other points have them
		}
		for i := range int(s.fields) {
			s.data[i] = uint32(values.ref(Ref(s.data[i])))
		}
		if s.parts == 0 {
			c.bare = append(c.bare, s)
		} else {
			edit.insert(s)
		}
	}
	slices.SortFunc(c.bare, func(x, y *Shape) int { return cmp.Compare(x.ID, y.ID) })
	b.shapes = nil
}

// shape is the one added as the i-th.
func (b *Builder) shape(i uint32) *Shape { return &b.shapes[i/shapeChunk][i%shapeChunk] }

// anchor counts a feature of several points where its first point is.
func (b *Builder) anchor(s *Shape) {
	b.singles.IDs = append(b.singles.IDs, s.ID)
	b.singles.At = append(b.singles.At, s.first())
	b.singles.Refs = append(b.singles.Refs, s.refs()...)
}
