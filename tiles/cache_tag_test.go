package tiles

import (
	"testing"

	"yizhan/geo"
	"yizhan/geo/index"
)

// A tile that had to make room is still known by its tag until its ground changes.
func TestATagOutlivesItsTile(t *testing.T) {
	c := NewCache(20_000)
	k := Key{Layers: "road", Tile: benchTile}
	tag := fill(t, c, k, "x").ETag(Gzip)[0]
	for i := range uint32(500) {
		fill(t, c, Key{Layers: "manhole", Tile: geo.Tile{Z: 20, X: i}}, "x")
	}
	c.tiles.CleanUp()
	if _, there := c.Get(k); there {
		c.tiles.Invalidate(k) // whoever has to make room
	}
	if got := c.Tag(k, Gzip); got == nil || got[0] != tag {
		t.Errorf("the tag is %v, want %s", got, tag)
	}
	c.Drop("manhole", []index.Touch{{Extent: benchTile.Extent()}})
	if c.Tag(k, Gzip) == nil {
		t.Error("another layer's change took it away")
	}
	c.Drop("road", []index.Touch{{Extent: benchTile.Extent()}})
	if c.Tag(k, Gzip) != nil {
		t.Error("it outlives a change")
	}
}

func TestTagsGoWithTheirLayerHoweverManyThereAre(t *testing.T) {
	c := NewCache(1 << 30)
	keys := keysAround(t, c)
	for _, k := range keys[:len(keys)/2] {
		c.tiles.Invalidate(k)
	}
	c.DropLayer("road")
	for _, k := range keys {
		if known := c.Tag(k, Identity) != nil; known == has(showing(k.Layers).layers, "road") {
			t.Errorf("%v known: %v", k, known)
		}
	}
}
