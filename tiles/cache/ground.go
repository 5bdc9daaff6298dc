package cache

import (
	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
)

// shift is a touch as the tiles of a view have it: in the view's datum, and from the
// first zoom on if its tiles may carry what others get later.
func shift(v tiles.View, t index.Touch) index.Touch {
	if !v.Usual() {
		t.From = 0
	}
	t.Extent = v.Datum.ShiftExtent(t.Extent)
	return t
}

// reach is how far beyond its square a tile of the zoom may show what the touch
// is of: nowhere while points are counted by cells, except that a datum may
// carry a cell's mean over the edge.
func reach(v tiles.View, t index.Touch, z uint8) int64 {
	switch {
	case z >= t.Beyond:
		return geo.Reach(z)
	case v.Datum != "":
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

// touch reports whether a tile of the view may have changed.
func (g *grounds) touch(v tiles.View, at geo.Tile) bool {
	usual := v.Usual()
	for _, one := range g.of(v.Datum) {
		if at.Z < one.like.From && usual {
			continue
		}
		if one.all.Touches(at.Extent().Grown(uint32(reach(v, one.like, at.Z)))) {
			return true
		}
	}
	return false
}
