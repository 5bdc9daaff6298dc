package live

import (
	"context"
	"maps"
	"slices"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/replica"
)

// remember keeps an event for returning clients. It needs f.mu.
func (f *Feed) remember(e Event) {
	if f.base.String() == "" {
		f.base = e.Version // nobody saw anything before the first load
		return
	}
	if len(f.recent) == 2*remembered {
		f.base = f.recent[remembered-1].Version
		f.recent = append(make([]Event, 0, 2*remembered), f.recent[remembered:]...)
	}
	f.recent = append(f.recent, e)
}

// Since is the events that somebody who has the token may not have, and whether
// the feed goes back that far.
func (f *Feed) Since(t replica.Token) (missed []Event, complete bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.base.String() == "" || !t.After(f.base) {
		return nil, false
	}
	for i, e := range f.recent {
		if !t.Covers(e.Version) && (!t.Single() || e.Version.Covers(t)) {
			return slices.Clone(f.recent[i:]), true // in order: what comes later was not seen either
		}
	}
	return nil, true
}

// Everything marks every layer as changed. This is needed after a transaction that nobody
// remembers: others that began before it may have committed later, and the journal does not
// say which.
func (e *Event) Everything(state *replica.State) {
	e.Catalog = true
	for _, name := range slices.Sorted(maps.Keys(state.Layers)) {
		e.Ground = append(e.Ground, Ground{layer: name, whole: true})
	}
}

// Join adds what other events say, layer by layer, up to the version of the last.
func (e *Event) Join(others []Event) {
	if n := len(others); n > 0 && others[n-1].Version.Covers(e.Version) {
		e.Version = others[n-1].Version
	}
	byLayer := map[geo.LayerName]Ground{}
	for _, o := range others {
		e.Catalog = e.Catalog || o.Catalog
		for _, g := range o.Ground {
			one := byLayer[g.layer]
			// The boxes are never those of another event: the list begins as nil.
			byLayer[g.layer] = Ground{layer: g.layer, whole: one.whole || g.whole, boxes: append(one.boxes, g.boxes...)}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byLayer)) {
		g := byLayer[name]
		if g.boxes = geo.MergeExtents(g.boxes, maxBoxes); g.whole {
			g.boxes = nil
		}
		e.Ground = append(e.Ground, g)
	}
}

// Limits of a journal lookup: a layer with more changed features counts as wholly changed,
// and after more entries all layers do.
const (
	maxMissed  = 10_000
	maxEntries = 10_000
)

// FromJournal fills in which layers changed since a snapshot, and where. The error is
// [geo.ErrGone] if the journal does not go back far enough.
func (e *Event) FromJournal(ctx context.Context, s *ledger.Ledger, t replica.Token, state *replica.State) error {
	changed, err := s.Changed(ctx, t.Snapshot(), state.Layers, ledger.Depth{Entries: maxEntries, Boxes: maxMissed})
	switch {
	case err != nil:
		return err
	case !changed.Reached:
		return lang.Errorf("version %.60q is older than the journal; load everything again: %w", t, geo.ErrGone)
	case changed.Far:
		e.Everything(state)
		return nil
	}
	e.Catalog = changed.Catalog
	for _, l := range changed.Layers {
		e.Ground = append(e.Ground, Ground{layer: l.Name, whole: l.Whole, boxes: geo.MergeExtents(l.Ground, maxBoxes)})
	}
	return nil
}
