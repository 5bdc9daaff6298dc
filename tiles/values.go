package tiles

import (
	"encoding/binary"
	"math"
	"slices"

	"yizhan/geo/index"
)

// maxText is the longest text that a tile carries, in bytes.
const maxText = 1024

// valueTable numbers the distinct values of a layer in the order of their first
// use and encodes each once.
type valueTable struct {
	slots   []uint64 // open addressing: key in the upper half, index + 1 in the lower; 0 is free
	count   int
	used    int    // slots
	encoded []byte // the values as fields of the layer
}

// refused is the number of a value that tiles do not carry.
const refused = 1<<32 - 2

// refuse takes back the number of the newest value.
func (v *valueTable) refuse(key uint32) {
	v.count--
	mask := uint32(len(v.slots) - 1)
	i := key * 0x9e3779b1 >> 7 & mask
	for uint32(v.slots[i]>>32) != key || v.slots[i] == 0 {
		i = (i + 1) & mask
	}
	v.slots[i] = uint64(key)<<32 | (refused + 1)
}

// What the table begins with: it is widened as needed, and what is not needed costs
// the clearing.
const (
	fewestSlots = 64
	mostSlots   = 1 << 13
)

// reset empties the table and makes room for about so many values, or for as many
// as the layer before had, which is likely of the same zoom.
func (v *valueTable) reset(values int) {
	n := fewestSlots
	for n < 2*max(values, v.used) && n < mostSlots {
		n *= 2
	}
	v.slots = slices.Grow(v.slots[:0], n)[:n]
	clear(v.slots)
	v.count, v.used, v.encoded = 0, 0, v.encoded[:0]
}

// index is the number of the key's value; fresh when it was not there before, and
// the caller then has to encode it.
func (v *valueTable) index(key uint32) (n int, fresh bool) {
	mask := uint32(len(v.slots) - 1)
	i := key * 0x9e3779b1 >> 7 & mask
	for ; v.slots[i] != 0; i = (i + 1) & mask {
		if uint32(v.slots[i]>>32) == key {
			return int(uint32(v.slots[i])) - 1, false
		}
	}
	n = v.count
	v.count++
	v.used++
	v.slots[i] = uint64(key)<<32 | uint64(v.count)
	if 2*v.used > len(v.slots) {
		v.widen()
	}
	return n, true
}

// widen doubles the table, in memory of a former tile if there is enough.
func (v *valueTable) widen() {
	old := v.slots
	kept := make([]uint64, 0, v.used)
	for _, s := range old {
		if s != 0 {
			kept = append(kept, s)
		}
	}
	if 2*len(old) <= cap(old) {
		v.slots = old[:2*len(old)]
		clear(v.slots)
	} else {
		v.slots = make([]uint64, 2*len(old))
	}
	mask := uint32(len(v.slots) - 1)
	for _, s := range kept {
		i := uint32(s>>32) * 0x9e3779b1 >> 7 & mask
		for v.slots[i] != 0 {
			i = (i + 1) & mask
		}
		v.slots[i] = s
	}
}

// encode appends the value of a dictionary that index has just numbered, and
// reports whether tiles carry it. Whole numbers are unsigned unless they are
// negative, as ST_AsMVT writes them.
func (v *valueTable) encode(values *index.Values, r index.Ref) bool {
	switch values.Kind(r) {
	case index.TextValue:
		text := values.Text(r)
		if len(text) > maxText {
			v.refuse(uint32(r))
			return false
		}
		v.encoded = append(v.encoded, layerValue)
		v.encoded = binary.AppendUvarint(v.encoded, uint64(sizeOf(len(text))))
		v.encoded = append(v.encoded, valueText)
		v.encoded = binary.AppendUvarint(v.encoded, uint64(len(text)))
		v.encoded = append(v.encoded, text...)
	case index.IntValue:
		if n := values.Int(r); n < 0 {
			v.number(valueSint, uint64(n<<1)^uint64(n>>63))
		} else {
			v.number(valueUint, uint64(n))
		}
	case index.FloatValue:
		v.encoded = append(v.encoded, layerValue, 9, valueDouble)
		v.encoded = binary.LittleEndian.AppendUint64(v.encoded, math.Float64bits(values.Float(r)))
	case index.BoolValue:
		v.encoded = append(v.encoded, layerValue, 2, valueBool, 0)
		if values.Bool(r) {
			v.encoded[len(v.encoded)-1] = 1
		}
	}
	return true
}

func (v *valueTable) number(tag byte, n uint64) {
	v.encoded = append(v.encoded, layerValue, byte(1+varintSize(n)), tag)
	v.encoded = binary.AppendUvarint(v.encoded, n)
}
