package server

import (
	"context"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
)

// missing finds out what clients missed that were away for long: by turns, once for all
// who come back with the same version, and not again while nothing changed.
type missing struct {
	ledger *ledger.Ledger
	turns  *queue.Queue
	told   *shared[missingKey, event]
}

// missingKey is a version that a client has, and the one that it is to reach.
type missingKey struct{ since, version string }

// Bounds of a look into the journal: of a layer in which more features changed, the whole
// is named, and after more entries all layers are. How many answers are kept.
const (
	mostMissed  = 10_000
	mostEntries = 10_000
	missingKept = 64
)

func newMissing(s *ledger.Ledger, turns *queue.Queue) *missing {
	return &missing{ledger: s, turns: turns, told: newShared[missingKey, event](missingKept)}
}

// since is the event of a key, which look makes when it is its turn.
func (m *missing) since(ctx context.Context, client string, k missingKey, look func(context.Context) (event, error)) (event, error) {
	return m.told.get(ctx, client, k, func(ctx context.Context) (event, error) {
		leave, err := m.turns.Enter(ctx, client)
		if err != nil {
			return event{}, err
		}
		defer leave()
		return look(ctx)
	})
}

// fromJournal fills in which layers changed since a snapshot, and where.
func (m *missing) fromJournal(ctx context.Context, t replica.Token, e *event, state *replica.State) error {
	changed, err := m.ledger.Changed(ctx, t.Snapshot(), state.Layers, ledger.Depth{Entries: mostEntries, Boxes: mostMissed})
	switch {
	case err != nil:
		return err
	case !changed.Reached:
		return lang.Errorf("the journal does not go back to version %.60q; load everything again: %w", t, errGone)
	case changed.Far:
		e.everything(state)
		return nil
	}
	e.catalog = changed.Catalog
	for _, l := range changed.Layers {
		e.ground = append(e.ground, ground{layer: l.Name, whole: l.Whole, boxes: geo.MergeExtents(l.Ground, maxBoxes)})
	}
	return nil
}
