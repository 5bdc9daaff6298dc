package index

import "yizhan/geo"

// Touch is ground on which tiles differ after an edit.
type Touch struct {
	geo.Extent
	From   uint8 // the first zoom at which the difference shows, unless a view looks at other fields
	Beyond uint8 // the first zoom at which it shows beyond the tile's own square, in the buffer
}

// Extents is the ground of the touches.
func Extents(touches []Touch) []geo.Extent {
	extents := make([]geo.Extent, len(touches))
	for i, t := range touches {
		extents[i] = t.Extent
	}
	return extents
}

// touches gathers the ground that an edit touches.
type touches struct {
	layer *geo.Layer
	all   []Touch
}

// feature notes a feature that came, went or changed, whose values differ from
// those of the feature in its place as given: from is the first zoom at which
// that shows.
func (t *touches) feature(f feature, from uint8) {
	touch := Touch{Extent: f.at.Extent(), From: from}
	if f.shape != nil {
		if f.shape.parts == 0 {
			return
		}
		touch.Extent = f.shape.Box
	}
	if t.layer.Kind == geo.Point {
		touch.Beyond = uint8(max(t.layer.PointZoom, 0))
		if f.shape != nil {
			touch.Beyond = 0 // its other points may lie anywhere
		}
	} else {
		touch.From = max(touch.From, firstZoom(t.layer.Kind, bandOf(touch.Extent)))
	}
	if n := len(t.all); n == 0 || t.all[n-1] != touch {
		t.all = append(t.all, touch)
	}
}

// shownFrom is the first zoom at which a difference of values shows: the lowest
// of the fields that differ.
func (t *touches) shownFrom(old, next feature) uint8 {
	from := uint8(geo.MaxZoom + 1)
	for i, f := range t.layer.Fields {
		if old.ref(i) == next.ref(i) {
			continue
		}
		if t.layer.Always(f) {
			return 0
		}
		if f.MinZoom != nil {
			from = min(from, uint8(max(*f.MinZoom, 0)))
		}
	}
	return from
}

// firstZoom is the first zoom that draws shapes of a kind and size band.
func firstZoom(k geo.Kind, band int) uint8 {
	for z := uint8(0); z < geo.MaxZoom; z++ {
		if FirstBand(k, z) <= band {
			return z
		}
	}
	return geo.MaxZoom
}
