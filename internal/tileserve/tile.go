package tileserve

import (
	"context"
	"time"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/replica"
	"yizhan/tiles"
	"yizhan/tiles/cache"
)

// Key is where the cache has a tile of what is asked for.
func (a *Asked) Key(at geo.Tile) cache.Key { return cache.Key{View: a.View, Tile: at} }

// Tag is the entity tag of a tile in an encoding if its version still stands, nil when
// that is not known.
func (s *Service) Tag(k cache.Key, e cache.Encoding) []string { return s.cache.Tag(k, e) }

// Unchanged counts a client that was told that its tag is still valid.
func (s *Service) Unchanged(k cache.Key) { s.cache.Unchanged(k) }

// Encoded is a finished tile in an encoding.
func (s *Service) Encoded(k cache.Key, t *cache.Tile, e cache.Encoding) (*cache.Body, error) {
	return s.cache.Encoded(k, t, e)
}

// Tile is a tile of what is asked for: finished, or drawn from the newest state, which
// is read after the fill is registered, so that a later change drops it. A past is made
// before the drawing has its turn.
func (s *Service) Tile(ctx context.Context, client string, a *Asked, at geo.Tile,
	e cache.Encoding) (*cache.Tile, error) {
	k := a.Key(at)
	if done, finished := s.cache.Get(k); finished {
		return done, nil
	}
	if a.Past() {
		leave, err := s.Pasts.Enter(ctx, client)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	return s.cache.FillPrepared(ctx, k, e, func(ctx context.Context) (cache.Draft, error) {
		collections, err := s.collections(ctx, client, a, s.Replica.State())
		return func(context.Context) ([]byte, string, error) {
			started := time.Now()
			body, stats, err := s.draw(a, at, collections)
			s.Drawn(time.Since(started))
			return body, stats.Degraded(), err
		}, err
	})
}

// draw draws a tile of what is asked for.
func (s *Service) draw(a *Asked, at geo.Tile, collections []*index.Collection) ([]byte, tiles.Stats, error) {
	options, err := a.options(collections)
	if err != nil {
		return nil, tiles.Stats{}, err
	}
	return s.drawer.Draw(at, collections, options)
}

// collections are the features of the layers asked for in a state; a layer that is not
// shown any more is left out.
func (s *Service) collections(ctx context.Context, client string, a *Asked,
	state *replica.State) ([]*index.Collection, error) {
	var all []*index.Collection
	for _, l := range a.layers {
		c, shown := state.Layers[l.Name]
		if !shown {
			continue
		}
		var err error
		switch {
		case a.AsOf != 0:
			c, err = s.History.AsOf(ctx, client, c, a.AsOf.Time())
		case a.From != 0:
			c, err = s.History.Between(ctx, client, c, a.From.Time(), a.To.Time())
		}
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Describe is the TileJSON of what is asked for, whose tiles are below an address.
func (s *Service) Describe(ctx context.Context, client, below string, a *Asked) (tiles.TileJSON, error) {
	collections, err := s.collections(ctx, client, a, s.Replica.State())
	if err != nil {
		return tiles.TileJSON{}, err
	}
	shown := tiles.Options{Datum: a.Datum, Columns: a.Columns.List()} // a filter changes nothing here but the address
	return tiles.NewTileJSON(below, a.Query().Encode(), collections, shown), nil
}
