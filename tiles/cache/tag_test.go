package cache

import (
	"testing"

	"yizhan/tiles/tilestest"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
)

// A tile that had to make room is still known by its tag until its ground changes.
func TestATagOutlivesItsTile(t *testing.T) {
	c := New(20_000)
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	tag := fill(t, c, k, "x").ETag(Gzip)[0]
	for i := range uint32(500) {
		fill(t, c, Key{View: tiles.Of("manhole"), Tile: geo.Tile{Z: 20, X: i}}, "x")
	}
	c.tiles.CleanUp()
	if _, there := c.Get(k); there {
		c.tiles.Invalidate(k) // whoever has to make room
	}
	if got := c.Tag(k, Gzip); got == nil || got[0] != tag {
		t.Errorf("the tag is %v, want %s", got, tag)
	}
	c.Drop("manhole", []index.Touch{{Extent: tilestest.Tile().Extent()}})
	if c.Tag(k, Gzip) == nil {
		t.Error("another layer's change took it away")
	}
	c.Drop("road", []index.Touch{{Extent: tilestest.Tile().Extent()}})
	if c.Tag(k, Gzip) != nil {
		t.Error("it outlives a change")
	}
}

func TestTagsGoWithTheirLayerHoweverManyThereAre(t *testing.T) {
	c := New(1 << 30)
	keys := keysAround(t, c)
	for _, k := range keys[:len(keys)/2] {
		c.tiles.Invalidate(k)
	}
	c.DropLayer("road")
	for _, k := range keys {
		if known := c.Tag(k, Identity) != nil; known == k.View.Has("road") {
			t.Errorf("%v known: %v", k, known)
		}
	}
}
