package tiles

import (
	"strings"

	"yizhan/geo"
	"yizhan/geo/index"
)

// shown is what a key's tiles show: which layers, whether by a view that other
// tiles do not share, and in which datum.
type shown struct {
	layers string
	view   bool
	datum  geo.Datum
}

// datumMark is how a view names its datum, before all else.
const datumMark = "datum="

// showing reads the list of layers of a key, and the view after it.
func showing(list string) shown {
	layers, view, has := strings.Cut(list, "?")
	s := shown{layers: layers, view: has}
	if datum, bent := strings.CutPrefix(view, datumMark); bent {
		datum, _, _ = strings.Cut(datum, "&")
		s.datum = geo.Datum(datum)
	}
	return s
}

// shift is a touch as these tiles have it.
func (s shown) shift(t index.Touch) index.Touch {
	if s.view {
		t.From = 0
	}
	t.Extent = s.datum.ShiftExtent(t.Extent)
	return t
}

// reach is how far beyond its square a tile of the zoom may show what the touch
// is of: nowhere while points are counted by cells, except that a datum may
// carry a cell's mean over the edge.
func (s shown) reach(t index.Touch, z uint8) int64 {
	switch {
	case z >= t.Beyond:
		return geo.Reach(z)
	case s.datum != "":
		return geo.Reach(z) * 4
	default:
		return 0
	}
}

// grounds answers for any tile whether some of many touches may change it.
type grounds struct {
	touches []index.Touch
	byDatum map[geo.Datum][]ground
}

// ground is the touches that show from one zoom on and in one way.
type ground struct {
	like index.Touch // of these; its extent says nothing
	all  *geo.ExtentSet
}

func newGrounds(touches []index.Touch) *grounds {
	return &grounds{touches: touches, byDatum: map[geo.Datum][]ground{}}
}

// of is the touches as a datum shows them, made when first asked for.
func (g *grounds) of(d geo.Datum) []ground {
	if made, there := g.byDatum[d]; there {
		return made
	}
	type way struct{ from, beyond uint8 }
	extents := map[way][]geo.Extent{}
	for _, t := range g.touches {
		w := way{t.From, t.Beyond}
		extents[w] = append(extents[w], d.ShiftExtent(t.Extent))
	}
	made := []ground{}
	for w, all := range extents {
		made = append(made, ground{like: index.Touch{From: w.from, Beyond: w.beyond}, all: geo.NewExtentSet(all)})
	}
	g.byDatum[d] = made
	return made
}

// touch reports whether a tile that shows this may have changed.
func (g *grounds) touch(s shown, at geo.Tile) bool {
	for _, one := range g.of(s.datum) {
		if at.Z < one.like.From && !s.view {
			continue
		}
		if one.all.Touches(at.Extent().Grown(uint32(s.reach(one.like, at.Z)))) {
			return true
		}
	}
	return false
}
