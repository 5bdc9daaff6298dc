package server

import (
	"context"
	"maps"
	"slices"

	"yizhan/geo"
	"yizhan/internal/replica"
)

// remember keeps an event for those who come back. It needs f.mu.
func (f *feed) remember(e event) {
	if f.base.String() == "" {
		f.base = e.version // nobody saw anything before the first load
		return
	}
	if len(f.recent) == 2*remembered {
		f.base = f.recent[remembered-1].version
		f.recent = append(make([]event, 0, 2*remembered), f.recent[remembered:]...)
	}
	f.recent = append(f.recent, e)
}

// since is the events that somebody who has the token may not have, and whether
// the feed goes back that far.
func (f *feed) since(t replica.Token) (missed []event, complete bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.base.String() == "" || !t.After(f.base) {
		return nil, false
	}
	for i, e := range f.recent {
		if !t.Covers(e.version) && (!t.Single() || e.version.Covers(t)) {
			return slices.Clone(f.recent[i:]), true // in order: what comes later was not seen either
		}
	}
	return nil, true
}

// missed is one event that stands for all since a token: from memory, or where that
// does not go back so far from the journal, which knows the layers alone.
func (s *Server) missed(ctx context.Context, t replica.Token) (event, error) {
	if err := s.replica.WaitFor(ctx, t); err != nil {
		return event{}, err
	}
	all := event{version: s.replica.Version()} // before the list: what comes between is told twice
	list, complete := s.feed.since(t)
	if complete {
		all.join(list)
		return all, all.encode()
	}
	layers, catalog, err := s.store.ChangedLayers(ctx, t.Snapshot())
	if err != nil {
		return all, err
	}
	all.catalog = catalog
	slices.Sort(layers)
	for _, l := range layers {
		all.ground = append(all.ground, ground{layer: l, whole: true})
	}
	return all, all.encode()
}

// join adds what other events say, layer by layer.
func (e *event) join(others []event) {
	byLayer := map[geo.LayerName]ground{}
	for _, o := range others {
		e.catalog = e.catalog || o.catalog
		for _, g := range o.ground {
			one := byLayer[g.layer]
			byLayer[g.layer] = ground{layer: g.layer, whole: one.whole || g.whole, boxes: append(slices.Clip(one.boxes), g.boxes...)}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byLayer)) {
		g := byLayer[name]
		if g.boxes = geo.MergeExtents(g.boxes, maxBoxes); g.whole {
			g.boxes = nil
		}
		e.ground = append(e.ground, g)
	}
}
