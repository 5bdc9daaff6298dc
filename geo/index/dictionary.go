package index

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/cespare/xxhash/v2"
)

// Ref stands for a value of a [Dictionary]; 0 is null.
type Ref uint32

// ValueKind is the type of a value.
type ValueKind uint8

// The types of values that attributes have.
const (
	NullValue ValueKind = iota
	TextValue
	IntValue
	FloatValue
	BoolValue
)

// Values is what a dictionary held at one moment, for any number of readers.
// Entry r has its kind in kinds[r]; its bits are the number itself, 0 or 1, or
// for text the place of the first byte (upper 40 bits) and the length (lower 24).
type Values struct {
	kinds []ValueKind
	bits  []uint64
	text  []byte
}

const (
	textLengthBits = 24
	maxTextLength  = 1<<textLengthBits - 1
)

// Len is the number of entries, null included.
func (v *Values) Len() int { return len(v.kinds) }

// Kind is the type of the value.
func (v *Values) Kind(r Ref) ValueKind { return v.kinds[r] }

// Text is the bytes of a text, which must not be changed.
func (v *Values) Text(r Ref) []byte {
	at, n := v.bits[r]>>textLengthBits, v.bits[r]&maxTextLength
	return v.text[at : at+n : at+n]
}

// Int is the number of an integer.
func (v *Values) Int(r Ref) int64 { return int64(v.bits[r]) }

// Float is the number of a float.
func (v *Values) Float(r Ref) float64 { return math.Float64frombits(v.bits[r]) }

// Bool is the truth of a boolean.
func (v *Values) Bool(r Ref) bool { return v.bits[r] != 0 }

// Any is the value as nil, string, int64, float64 or bool.
func (v *Values) Any(r Ref) any {
	switch v.Kind(r) {
	case TextValue:
		return string(v.Text(r))
	case IntValue:
		return v.Int(r)
	case FloatValue:
		return v.Float(r)
	case BoolValue:
		return v.Bool(r)
	default:
		return nil
	}
}

// Dictionary holds each attribute value once. It only grows, and one writer at
// a time adds to it; readers use the [Values] of their own version meanwhile.
type Dictionary struct {
	held  Values
	slots []uint64 // open addressing: upper half of the hash, then the Ref; 0 is free
}

// newDictionary makes a dictionary that holds only null.
func newDictionary() *Dictionary {
	return &Dictionary{
		held:  Values{kinds: []ValueKind{NullValue}, bits: []uint64{0}},
		slots: make([]uint64, 64),
	}
}

// Text interns a text; what is longer than 16 MiB is cut there.
func (d *Dictionary) Text(b []byte) Ref {
	b = b[:min(len(b), maxTextLength)]
	hash := xxhash.Sum64(b)
	mask := uint64(len(d.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		slot := d.slots[i]
		if slot == 0 {
			break
		}
		r := Ref(slot)
		if slot>>32 == hash>>32 && d.held.kinds[r] == TextValue && bytes.Equal(d.held.Text(r), b) {
			return r
		}
	}
	at := uint64(len(d.held.text))<<textLengthBits | uint64(len(b))
	d.held.text = append(d.held.text, b...)
	return d.add(hash, TextValue, at)
}

// Int interns an integer.
func (d *Dictionary) Int(n int64) Ref { return d.number(IntValue, uint64(n)) }

// Float interns a number; NaN is null, as it has no place in a tile or in JSON.
func (d *Dictionary) Float(f float64) Ref {
	if math.IsNaN(f) {
		return 0
	}
	return d.number(FloatValue, math.Float64bits(f))
}

// Bool interns a truth value.
func (d *Dictionary) Bool(b bool) Ref {
	if b {
		return d.number(BoolValue, 1)
	}
	return d.number(BoolValue, 0)
}

func (d *Dictionary) number(kind ValueKind, v uint64) Ref {
	var key [9]byte
	key[0] = byte(kind)
	binary.LittleEndian.PutUint64(key[1:], v)
	hash := xxhash.Sum64(key[:])
	mask := uint64(len(d.slots) - 1)
	for i := hash & mask; d.slots[i] != 0; i = (i + 1) & mask {
		r := Ref(d.slots[i])
		if d.held.bits[r] == v && d.held.kinds[r] == kind {
			return r
		}
	}
	return d.add(hash, kind, v)
}

// add appends an entry that is not there yet. The table is kept under two
// thirds full.
func (d *Dictionary) add(hash uint64, kind ValueKind, v uint64) Ref {
	r := Ref(len(d.held.kinds))
	d.held.kinds = append(d.held.kinds, kind)
	d.held.bits = append(d.held.bits, v)
	if 3*len(d.held.kinds) > 2*len(d.slots) {
		d.widen()
	}
	d.place(hash, r)
	return r
}

func (d *Dictionary) place(hash uint64, r Ref) {
	mask := uint64(len(d.slots) - 1)
	i := hash & mask
	for d.slots[i] != 0 {
		i = (i + 1) & mask
	}
	d.slots[i] = hash>>32<<32 | uint64(r)
}

// widen doubles the table. The newest entry is not in it yet.
func (d *Dictionary) widen() {
	d.slots = make([]uint64, 2*len(d.slots))
	var key [9]byte
	for r := Ref(1); int(r) < len(d.held.kinds)-1; r++ {
		if d.held.kinds[r] == TextValue {
			d.place(xxhash.Sum64(d.held.Text(r)), r)
			continue
		}
		key[0] = byte(d.held.kinds[r])
		binary.LittleEndian.PutUint64(key[1:], d.held.bits[r])
		d.place(xxhash.Sum64(key[:]), r)
	}
}

// translate makes a function that interns values of the one into the other.
func (d *Dictionary) translate(from *Values) func(Ref) Ref {
	known := make([]Ref, from.Len())
	return func(r Ref) Ref {
		if r != 0 && known[r] == 0 {
			if from.Kind(r) == TextValue {
				known[r] = d.Text(from.Text(r))
			} else {
				known[r] = d.number(from.Kind(r), from.bits[r])
			}
		}
		return known[r]
	}
}

// Values is what the dictionary holds now.
func (d *Dictionary) Values() Values { return d.held }
