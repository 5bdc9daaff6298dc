package cache

import (
	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
)

// Drop drops the tiles that show the layer and that the touches may change, at
// every zoom where they do, and returns how many there were. All other tiles stay.
func (c *Cache) Drop(layer geo.LayerName, touches []index.Touch) int {
	if len(touches) == 0 {
		return 0
	}
	changed := newGrounds(touches)
	touched := func(k Key) bool {
		return k.View.Has(layer) && changed.touch(k.View, k.Tile)
	}
	views := c.abandon(layer, touched)
	if n := c.tags.EstimatedSize(); addresses(touches, n/max(len(views), 1)) {
		return c.dropAddresses(views, touches)
	}
	return c.dropWhere(touched)
}

// DropLayer drops all tiles that show the layer and returns how many there were.
func (c *Cache) DropLayer(layer geo.LayerName) int {
	shows := func(k Key) bool { return k.View.Has(layer) }
	c.abandon(layer, shows)
	return c.dropWhere(shows)
}

// DropPasts drops all tiles that show the layer as it was, or what became of it, and
// returns how many there were.
func (c *Cache) DropPasts(layer geo.LayerName) int {
	shows := func(k Key) bool { return k.View.Past() && k.View.Has(layer) }
	c.abandon(layer, shows)
	return c.dropWhere(shows)
}

// abandon makes the fills that the condition meets of no use for the cache, and
// returns the views that have the layer.
func (c *Cache) abandon(layer geo.LayerName, touched func(Key) bool) (views []tiles.View) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := range c.flights {
		if touched(k) {
			delete(c.flights, k)
		}
	}
	for v := range c.views {
		if v.Has(layer) {
			views = append(views, v)
		}
	}
	return views
}

// dropWhere walks the whole cache.
func (c *Cache) dropWhere(touched func(Key) bool) int {
	var doomed []Key
	for k := range c.tags.Keys() { // of all tiles, and more; the few whose tag was forgotten follow
		if touched(k) {
			doomed = append(doomed, k)
		}
	}
	for k := range c.tiles.Keys() {
		if _, met := c.tags.GetIfPresent(k); !met && touched(k) {
			doomed = append(doomed, k)
		}
	}
	dropped := 0
	for _, k := range doomed {
		dropped += c.drop(k)
	}
	return dropped
}

func (c *Cache) drop(k Key) int {
	c.tags.Invalidate(k)
	if _, was := c.tiles.Invalidate(k); !was {
		return 0
	}
	c.counters.dropped.Add(1)
	return 1
}

// addresses reports whether the touches are of so few tiles, all zooms together,
// that it is less work to look each up than to walk so many.
func addresses(touches []index.Touch, walk int) bool {
	n := uint64(0)
	for _, t := range touches {
		for z := range uint8(geo.MaxZoom + 1) {
			n += touchedBy(t.Extent, z, geo.Reach(z)).count()
			if n > uint64(walk) {
				return false
			}
		}
	}
	return true
}

func (c *Cache) dropAddresses(views []tiles.View, touches []index.Touch) int {
	dropped := 0
	for _, v := range views {
		for _, t := range touches {
			t = shift(v, t)
			for z := t.From; z <= geo.MaxZoom; z++ {
				r := touchedBy(t.Extent, z, reach(v, t, z))
				for y := r.minY; y <= r.maxY; y++ {
					for x := r.minX; x <= r.maxX; x++ {
						dropped += c.drop(Key{View: v, Tile: geo.Tile{Z: z, X: x, Y: y}})
					}
				}
			}
		}
	}
	return dropped
}

// tileRange is a block of tiles of one zoom.
type tileRange struct{ minX, minY, maxX, maxY uint32 }

func (r tileRange) count() uint64 {
	return (uint64(r.maxX-r.minX) + 1) * (uint64(r.maxY-r.minY) + 1)
}

// touchedBy is the tiles of a zoom that, widened by reach on each side, meet the extent.
func touchedBy(e geo.Extent, z uint8, reach int64) tileRange {
	last := uint32(1)<<z - 1
	column := func(v uint32, by int64) uint32 {
		return uint32(min(max((int64(v)+by)>>(32-z), 0), int64(last)))
	}
	return tileRange{
		minX: column(e.MinX, -reach), minY: column(e.MinY, -reach),
		maxX: column(e.MaxX, reach), maxY: column(e.MaxY, reach),
	}
}
