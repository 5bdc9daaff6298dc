package tileserve

import (
	"time"

	"yizhan/geo"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
	"yizhan/tiles"
	"yizhan/tiles/cache"
)

// Options of a service.
type Options struct {
	Replica  *replica.Replica
	History  *replica.History
	Bytes    int64               // of memory for finished tiles
	Pasts    *queue.Queue        // in which tiles of the past wait
	Explains *queue.Queue        // in which explanations wait
	Drawn    func(time.Duration) // hears how long each drawing took
}

// Service draws tiles from a replica, and caches them.
type Service struct {
	Options
	cache        *cache.Cache
	drawer       tiles.Drawer
	spellings    spellings
	explanations *queue.Shared[explainKey, *Explanation]
}

// New makes a service; the replica's follower reports changes to [Service.Changed].
func New(o Options) *Service {
	return &Service{Options: o, cache: cache.New(o.Bytes), explanations: queue.NewShared[explainKey, *Explanation](0)}
}

// Stats is what the cache did and holds.
func (s *Service) Stats() cache.Stats { return s.cache.Stats() }

// Changed drops the tiles that a change touched, after the state with it stands, and
// returns how many there were.
func (s *Service) Changed(change replica.Change) (dropped int) {
	if change.Catalog {
		s.spellings.forget()
	}
	for _, l := range change.Layers {
		if l.Whole {
			s.History.Forget(l.Layer)
			dropped += s.cache.DropLayer(l.Layer)
		} else {
			dropped += s.cache.Drop(l.Layer, l.Touches)
		}
	}
	for _, name := range change.Pasts {
		s.History.Forget(name)
		dropped += s.cache.DropPasts(name)
	}
	return dropped
}

// Finished is the usual tile of a list of layers if it is there. It allocates nothing.
func (s *Service) Finished(list string, at geo.Tile) (cache.Key, *cache.Tile, bool) {
	k := cache.Key{View: s.spellings.view(list), Tile: at}
	t, found := s.cache.Get(k)
	return k, t, found
}
