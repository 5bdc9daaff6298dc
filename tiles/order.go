package tiles

import (
	"cmp"
	"slices"
)

// sorter finds the order of features by a key, reusing its memory.
type sorter struct {
	keys, spare []uint64
	order       []uint32
}

// Keys are sorted as 64 bits: the key, less the least one, above the index.
const (
	indexBits = 24
	fewToSort = 128 // below this comparing is quicker than counting
	maxDigit  = 11
)

// byKey returns the indexes of the ids in ascending order of the ids.
func (s *sorter) byKey(ids []int64) []uint32 {
	s.order = s.order[:0]
	if len(ids) == 0 {
		return s.order
	}
	lowest, highest, sorted := ids[0], ids[0], true
	previous := ids[0]
	for _, id := range ids {
		lowest, highest = min(lowest, id), max(highest, id)
		sorted = sorted && previous <= id
		previous = id
	}
	s.order = slices.Grow(s.order, len(ids))
	span := uint64(highest) - uint64(lowest)
	if sorted || span>>(64-indexBits) != 0 || len(ids) >= 1<<indexBits {
		for i := range ids {
			s.order = append(s.order, uint32(i))
		}
		if !sorted {
			slices.SortFunc(s.order, func(a, b uint32) int { return cmp.Compare(ids[a], ids[b]) })
		}
		return s.order
	}
	s.keys = slices.Grow(s.keys[:0], len(ids))[:len(ids)]
	for i, id := range ids {
		s.keys[i] = uint64(id-lowest)<<indexBits | uint64(i)
	}
	if len(ids) < fewToSort {
		slices.Sort(s.keys)
	} else {
		s.radix(span << indexBits)
	}
	for _, k := range s.keys {
		s.order = append(s.order, uint32(k&(1<<indexBits-1)))
	}
	return s.order
}

// radix sorts the keys by the bits above the index, up to those of highest.
func (s *sorter) radix(highest uint64) {
	digit := 8
	if len(s.keys) > 4096 {
		digit = maxDigit
	}
	mask := uint64(1)<<digit - 1
	s.spare = slices.Grow(s.spare[:0], len(s.keys))[:len(s.keys)]
	from, to := s.keys, s.spare
	for shift := indexBits; shift < 64 && highest>>shift != 0; shift += digit {
		var starts [1 << maxDigit]uint32
		for _, k := range from {
			starts[k>>shift&mask&(1<<maxDigit-1)]++
		}
		sum := uint32(0)
		for d, n := range starts[:1<<digit] {
			starts[d] = sum
			sum += n
		}
		for _, k := range from {
			d := k >> shift & mask & (1<<maxDigit - 1)
			to[starts[d]] = k
			starts[d]++
		}
		from, to = to, from
	}
	s.keys, s.spare = from, to
}
