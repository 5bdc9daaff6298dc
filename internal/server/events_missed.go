package server

import (
	"context"
	"errors"
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
// does not go back so far from the journal. The error is errGone where the journal
// does not either.
func (s *Server) missed(ctx context.Context, client string, t replica.Token) (event, error) {
	if err := s.waitFor(ctx, client, t); err != nil {
		return event{}, err
	}
	all := event{version: s.replica.Version()} // before the list: what comes between is told twice
	list, complete := s.feed.since(t)
	if complete && len(list) <= fewEvents {
		all.join(list)
		return all, all.encode()
	}
	if !complete && t.Single() {
		all.everything(s.replica.State())
		return all, all.encode()
	}
	return s.missing.since(ctx, client, missingKey{t.String(), all.version.String()}, func(ctx context.Context) (event, error) {
		if complete {
			all.join(list)
			return all, all.encode()
		}
		err := s.missing.fromJournal(ctx, t, &all, s.replica.State())
		return all, errors.Join(err, all.encode())
	})
}

// fewEvents are put together at once, without waiting for a turn.
const fewEvents = 64

// everything makes the event one after which nothing is as it was. So it is after a
// transaction that nobody remembers: others that began before it may have committed
// later, and the journal does not say which.
func (e *event) everything(state *replica.State) {
	e.catalog = true
	for _, name := range slices.Sorted(maps.Keys(state.Layers)) {
		e.ground = append(e.ground, ground{layer: name, whole: true})
	}
}

// join adds what other events say, layer by layer, up to the version of the last.
func (e *event) join(others []event) {
	if n := len(others); n > 0 && others[n-1].version.Covers(e.version) {
		e.version = others[n-1].version
	}
	byLayer := map[geo.LayerName]ground{}
	for _, o := range others {
		e.catalog = e.catalog || o.catalog
		for _, g := range o.ground {
			one := byLayer[g.layer]
			byLayer[g.layer] = ground{layer: g.layer, whole: one.whole || g.whole, boxes: append(one.boxes, g.boxes...)} // of nobody else's: it begins as nil
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
