package live

import (
	"context"
	"errors"

	"yizhan/internal/ledger"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
)

// Missed tells returning clients what they missed. Journal lookups are queued, shared by
// all clients that return with the same version, and cached until something changes.
type Missed struct {
	feed    *Feed
	ledger  *ledger.Ledger
	replica *replica.Replica
	turns   *queue.Queue
	told    *queue.Shared[missedKey, Event]
}

// missedKey is the version that a client has, and the one that it is to reach.
type missedKey struct{ since, version string }

const (
	missedKept = 64 // answers
	fewEvents  = 64 // are joined at once, without waiting for a turn
)

// NewMissed queues its journal lookups in turns.
func NewMissed(f *Feed, l *ledger.Ledger, r *replica.Replica, turns *queue.Queue) *Missed {
	return &Missed{feed: f, ledger: l, replica: r, turns: turns, told: queue.NewShared[missedKey, Event](missedKept)}
}

// Since combines all events since a token that the replica covers: from memory, or from the
// journal if memory does not go back far enough. The error is [geo.ErrGone] if the journal
// does not either.
func (m *Missed) Since(ctx context.Context, client string, t replica.Token) (Event, error) {
	all := Event{Version: m.replica.Version()} // before the list: what comes between is told twice
	list, complete := m.feed.Since(t)
	if complete && len(list) <= fewEvents {
		all.Join(list)
		return all, all.Encode()
	}
	if !complete && t.Single() {
		all.Everything(m.replica.State())
		return all, all.Encode()
	}
	return m.told.Get(ctx, client, missedKey{t.String(), all.Version.String()},
		func(ctx context.Context) (Event, error) {
			leave, err := m.turns.Enter(ctx, client)
			if err != nil {
				return Event{}, err
			}
			defer leave()
			if complete {
				all.Join(list)
				return all, all.Encode()
			}
			err = all.FromJournal(ctx, m.ledger, t, m.replica.State())
			return all, errors.Join(err, all.Encode())
		})
}
