package index

import (
	"slices"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Edit gathers changes to a collection and applies them at once. Nothing is
// shared with readers before [Edit.Commit], so an edit may also be dropped.
type Edit struct {
	base   *Collection
	shaper shaper
	ops    []op
	last   map[int64]int // index of the op that counts for an id
}

// op is what becomes of one feature.
type op struct {
	id   int64
	next feature
	gone bool
}

// Edit starts the next version. One goroutine at a time may edit the versions of
// a layer.
func (c *Collection) Edit() *Edit {
	return &Edit{base: c, last: map[int64]int{}}
}

// Dictionary holds the values of the features; what [Edit.Upsert] is given must
// be interned there.
func (e *Edit) Dictionary() *Dictionary { return e.base.dictionary }

// Upsert puts a feature in the place of the one with that id, or adds it; see
// [Builder.Add] for the arguments and errors.
func (e *Edit) Upsert(id int64, wkb []byte, values []Ref) error {
	layer := e.base.layer
	if len(values) != len(layer.Fields) {
		return lang.Errorf("layer %q: %d values for %d fields: %w", layer.Name, len(values), len(layer.Fields),
			geo.ErrInvalid)
	}
	made, err := e.shaper.read(layer.Kind, id, wkb, values)
	if err != nil {
		return lang.Errorf("layer %q: %w", layer.Name, err)
	}
	next := feature{id: id}
	if made.points == 1 {
		next.at, next.refs = made.single, slices.Clone(values)
	} else {
		s := made.shape
		s.data = slices.Clone(s.data)
		next.shape = &s
	}
	e.note(op{id: id, next: next})
	return nil
}

// Remove takes the feature of that id away; there need not be one.
func (e *Edit) Remove(id int64) { e.note(op{id: id, gone: true}) }

func (e *Edit) note(o op) {
	if i, again := e.last[o.id]; again {
		e.ops[i] = o
		return
	}
	e.last[o.id] = len(e.ops)
	e.ops = append(e.ops, o)
}

// Commit makes the next version. The touches are the ground of every feature
// that truly differs, before and after; when none does, the version is the old one.
func (e *Edit) Commit() (*Collection, []Touch) {
	base := e.base
	w := base.writer
	if w.head != base { // of two versions from one base only the first finds the writer in place
		w = newWriter(base)
	}
	next := *base
	next.writer = w
	a := applier{
		next: &next, writer: w, shapes: bandEdit{bands: &next.shapes},
		points:  pointEdit{mark: new(mark), fields: len(base.layer.Fields), tally: &next.tally},
		touched: touches{layer: base.layer},
	}
	for i := range e.ops {
		a.apply(&e.ops[i])
	}
	if !a.changed {
		return base, nil
	}
	made := next.settled()
	made.writer.head = made
	return made, a.touched.all
}
