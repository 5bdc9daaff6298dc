package cache

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"yizhan/geo"
	"yizhan/tiles"
)

// Key is the address of a finished tile.
type Key struct {
	View tiles.View
	Tile geo.Tile
}

// Cache keeps finished tiles, empty ones included, within a bound of bytes, and
// has each drawn once however many ask for it.
//
// It is exact as long as callers keep to this order: whoever changes a layer
// publishes the new version first and then calls [Cache.Drop]; whoever draws reads
// the version within the function given to [Cache.Fill]. A fill that was under way
// at a drop still answers those who wait for it, but is not kept, and whoever asks
// after the drop starts another.
type Cache struct {
	tiles    *otter.Cache[Key, *Tile]
	tags     *otter.Cache[Key, *tags] // of tiles that are kept, or were until there was no room
	packer   packer
	room     chan struct{} // one for each drawing at a time
	counters counters

	mu      sync.Mutex
	flights map[Key]*flight         // fills whose result may be kept
	flying  int                     // fills under way, those of no use any more included
	views   map[tiles.View]struct{} // of which there are tiles, or were
	enough  int                     // how many views call for a look at which are left
}

// counters of what the cache did, by zoom where it is by tile.
type counters struct {
	hits, misses             [geo.MaxZoom + 1]atomic.Uint64
	fills, failures, dropped atomic.Uint64
}

// Stats is what the cache did since it was made, and what it holds.
type Stats struct {
	Hits     [geo.MaxZoom + 1]uint64 // tiles answered from the cache, by zoom
	Misses   [geo.MaxZoom + 1]uint64 // tiles that had to be drawn or waited for
	Fills    uint64                  // tiles drawn
	Failures uint64                  // drawings that ended in an error
	Dropped  uint64                  // tiles dropped because a layer changed
	Tiles    int                     // held now
	Bytes    uint64                  // held now, keys and overhead included
	Filling  int                     // being drawn or waiting for it
}

// overhead is about what an entry takes besides its bytes and names.
const overhead = 850

// New makes a cache that holds at most about so many bytes of tiles.
func New(bytes int64) *Cache {
	return &Cache{
		tiles: otter.Must(&otter.Options[Key, *Tile]{
			MaximumWeight: uint64(max(bytes, 0)),
			Weigher:       func(k Key, t *Tile) uint32 { return uint32(t.weight() + sizeOf(k.View) + overhead) },
		}),
		tags:    otter.Must(&otter.Options[Key, *tags]{MaximumSize: mostTags}),
		room:    make(chan struct{}, runtime.GOMAXPROCS(0)),
		flights: map[Key]*flight{},
		views:   map[tiles.View]struct{}{},
		enough:  fewViews,
	}
}

// sizeOf is about how many bytes the texts of a view take.
func sizeOf(v tiles.View) int { return len(v.Layers) + len(v.Columns.Names) + len(v.Filter) }

// Get returns a tile if it is there, which counts as a hit. What is not there counts as
// a miss once it is asked of [Cache.Fill], so that looking twice is counted once.
func (c *Cache) Get(k Key) (*Tile, bool) {
	t, found := c.tiles.GetIfPresent(k)
	if found {
		c.hit(k)
	}
	return t, found
}

func (c *Cache) hit(k Key)  { c.counters.hits[min(k.Tile.Z, geo.MaxZoom)].Add(1) }
func (c *Cache) miss(k Key) { c.counters.misses[min(k.Tile.Z, geo.MaxZoom)].Add(1) }

// Has reports whether a tile is there, which counts neither as a hit nor as a use.
func (c *Cache) Has(k Key) bool {
	_, held := c.tiles.GetEntryQuietly(k)
	return held
}

// mostTags is how many tags are remembered: a quarter of a kilobyte each, 8 MiB.
const mostTags = 1 << 15

// Tag is the entity tag that the tile has in an encoding, if its version still
// stands, though the tile itself may not be there any more; nil when that is not
// known. It must not be changed, and counts neither as a hit nor as a miss.
func (c *Cache) Tag(k Key, e Encoding) []string {
	if t, known := c.tags.GetIfPresent(k); known {
		return t[e]
	}
	return nil
}

// Unchanged notes that a request for the tile was answered by its tag alone, a hit.
func (c *Cache) Unchanged(k Key) { c.hit(k) }

// Encoded is a tile of the cache in an encoding, made now if nobody has asked for that
// before.
func (c *Cache) Encoded(k Key, t *Tile, e Encoding) (*Body, error) {
	b, grown, err := t.in(e)
	if grown {
		c.tiles.ComputeIfPresent(k, func(held *Tile) (*Tile, otter.ComputeOp) { // so that it is weighed again
			if held == t {
				return t, otter.WriteOp
			}
			return held, otter.CancelOp
		})
	}
	return b, err
}

// Stats is a reading of the counters.
func (c *Cache) Stats() Stats {
	c.tiles.CleanUp() // the weight is brought up to date in batches
	s := Stats{
		Fills: c.counters.fills.Load(), Failures: c.counters.failures.Load(), Dropped: c.counters.dropped.Load(),
		Tiles: c.tiles.EstimatedSize(), Bytes: c.tiles.WeightedSize(),
	}
	for z := range s.Hits {
		s.Hits[z], s.Misses[z] = c.counters.hits[z].Load(), c.counters.misses[z].Load()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.Filling = c.flying
	return s
}
