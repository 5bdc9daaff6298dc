package index

// reordering renumbers the values of a dictionary in the order in which they are
// asked for, so that the values of features that lie together lie together too:
// a tile then reads its texts in a run, and not one here and one there.
type reordering struct {
	dictionary *Dictionary
	next       Values
	known      []Ref // the new number by the old; 0 is not asked for yet
}

// reorder starts over with the numbers; until finish the dictionary must not be used.
func (d *Dictionary) reorder() *reordering {
	n := d.held.Len()
	o := &reordering{dictionary: d, known: make([]Ref, n)}
	o.next = Values{
		kinds: append(make([]ValueKind, 0, n), NullValue), bits: append(make([]uint64, 0, n), 0),
		text: make([]byte, 0, len(d.held.text)),
	}
	return o
}

// ref is the new number of a value.
func (o *reordering) ref(r Ref) Ref {
	if r == 0 || o.known[r] != 0 {
		return o.known[r]
	}
	old := &o.dictionary.held
	bits := old.bits[r]
	if old.kinds[r] == TextValue {
		text := old.Text(r)
		bits = uint64(len(o.next.text))<<textLengthBits | uint64(len(text))
		o.next.text = append(o.next.text, text...)
	}
	o.known[r] = Ref(len(o.next.kinds))
	o.next.kinds = append(o.next.kinds, old.kinds[r])
	o.next.bits = append(o.next.bits, bits)
	return o.known[r]
}

// finish numbers what nobody asked for and puts the new numbers in force.
func (o *reordering) finish() {
	d := o.dictionary
	for r := range Ref(d.held.Len()) {
		o.ref(r)
	}
	for i, slot := range d.slots {
		if slot != 0 {
			d.slots[i] = slot>>32<<32 | uint64(o.known[Ref(slot)])
		}
	}
	d.held = o.next
}
