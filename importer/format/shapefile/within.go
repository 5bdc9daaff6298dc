package shapefile

// ringBox is the bounds of a ring.
type ringBox struct{ minX, minY, maxX, maxY float64 }

func (b ringBox) with(o ringBox) ringBox {
	return ringBox{min(b.minX, o.minX), min(b.minY, o.minY), max(b.maxX, o.maxX), max(b.maxY, o.maxY)}
}

func (b ringBox) holds(o ringBox) bool {
	return b.minX <= o.minX && o.maxX <= b.maxX && b.minY <= o.minY && o.maxY <= b.maxY
}

// measureRing is the bounds and twice the area of a ring, above zero when it runs
// counter-clockwise. Coordinates are taken from the first vertex, so that large ones
// do not drown small rings.
func measureRing(xy []float64) (box ringBox, area float64) {
	x0, y0 := xy[0], xy[1]
	box = ringBox{x0, y0, x0, y0}
	for i := 2; i < len(xy); i += 2 {
		x, y := xy[i], xy[i+1]
		box = box.with(ringBox{x, y, x, y})
		area += (xy[i-2]-x0)*(y-y0) - (x-x0)*(xy[i-1]-y0)
	}
	return box, area
}

// ringIndex finds the edges of a ring at a height: the ring is cut into bands of
// equal height, each with the edges that reach into it.
type ringIndex struct {
	xy     []float64
	box    ringBox
	starts []int32 // of each band in edges, and the end of the last
	edges  []int32 // by their first number in xy
}

// most bands of a ring. Their number goes down until the edges in all of them
// together are few, so that memory stays a small multiple of the ring's.
const mostBands = 8192

func newRingIndex(xy []float64, box ringBox) *ringIndex {
	x := &ringIndex{xy: xy, box: box}
	edges := len(xy)/2 - 1
	for bands := max(1, min(edges/4, mostBands)); ; bands /= 2 {
		counts, all := make([]int32, bands+1), 0
		for i := 0; i < 2*edges; i += 2 {
			from, to := x.reach(i, bands)
			for band := from; band <= to && all <= 8*edges; band++ {
				counts[band+1]++
				all++
			}
		}
		if bands > 1 && all > 8*edges {
			continue
		}
		for band := range bands {
			counts[band+1] += counts[band]
		}
		x.starts, x.edges = counts, make([]int32, all)
		break
	}
	bands := len(x.starts) - 1
	at := append([]int32(nil), x.starts...)
	for i := 0; i < 2*edges; i += 2 {
		from, to := x.reach(i, bands)
		for band := from; band <= to; band++ {
			x.edges[at[band]] = int32(i)
			at[band]++
		}
	}
	return x
}

// reach is the first and the last band of an edge.
func (x *ringIndex) reach(i, bands int) (from, to int) {
	a, b := x.xy[i+1], x.xy[i+3]
	return x.band(min(a, b), bands), x.band(max(a, b), bands)
}

func (x *ringIndex) band(y float64, bands int) int {
	at := (y - x.box.minY) / (x.box.maxY - x.box.minY) * float64(bands)
	switch {
	case !(at > 0): // NaN too
		return 0
	case at >= float64(bands):
		return bands - 1
	}
	return int(at)
}

// side is 1 for a point within the ring, -1 for one outside, 0 for one on it, by
// counting the edges to its right; work is how many edges were looked at.
func (x *ringIndex) side(px, py float64) (side, work int) {
	band := x.band(py, len(x.starts)-1)
	edges := x.edges[x.starts[band]:x.starts[band+1]]
	side = -1
	for _, i := range edges {
		ax, ay, bx, by := x.xy[i], x.xy[i+1], x.xy[i+2], x.xy[i+3]
		if py < min(ay, by) || py > max(ay, by) || px > max(ax, bx) {
			continue
		}
		turn := (bx-ax)*(py-ay) - (px-ax)*(by-ay)
		if turn == 0 && px >= min(ax, bx) {
			return 0, len(edges)
		}
		if (ay > py) != (by > py) && (turn > 0) == (by > ay) {
			side = -side
		}
	}
	return side, len(edges)
}
