package geo

// SortCodes sorts the codes and the values along with them: a radix sort, least
// significant digit first, over those bits that differ at all.
func SortCodes(codes []uint64, values []uint32) {
	var differ uint64
	for _, c := range codes {
		differ |= c ^ codes[0]
	}
	const digit = 11
	from, alsoFrom := codes, values
	to, alsoTo := make([]uint64, len(codes)), make([]uint32, len(values))
	for shift := 0; shift < 64; shift += digit {
		if differ>>shift&(1<<digit-1) == 0 {
			continue
		}
		var starts [1 << digit]uint32
		for _, c := range from {
			starts[c>>shift&(1<<digit-1)]++
		}
		sum := uint32(0)
		for d, n := range starts {
			starts[d] = sum
			sum += n
		}
		for i, c := range from {
			d := c >> shift & (1<<digit - 1)
			to[starts[d]], alsoTo[starts[d]] = c, alsoFrom[i]
			starts[d]++
		}
		from, to, alsoFrom, alsoTo = to, from, alsoTo, alsoFrom
	}
	if len(codes) > 0 && &from[0] != &codes[0] {
		copy(codes, from)
		copy(values, alsoFrom)
	}
}
