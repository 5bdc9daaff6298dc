package server

import (
	"context"
	"errors"

	"yizhan/internal/live"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
)

// missing finds out what clients missed that were away for long: by turns, once for all
// who come back with the same version, and not again while nothing changed.
type missing struct {
	turns *queue.Queue
	told  *queue.Shared[missingKey, live.Event]
}

// missingKey is a version that a client has, and the one that it is to reach.
type missingKey struct{ since, version string }

// missingKept is how many answers are kept.
const missingKept = 64

func newMissing(turns *queue.Queue) *missing {
	return &missing{turns: turns, told: queue.NewShared[missingKey, live.Event](missingKept)}
}

// since is the event of a key, which look makes when it is its turn.
func (m *missing) since(ctx context.Context, client string, k missingKey, look func(context.Context) (live.Event, error)) (live.Event, error) {
	return m.told.Get(ctx, client, k, func(ctx context.Context) (live.Event, error) {
		leave, err := m.turns.Enter(ctx, client)
		if err != nil {
			return live.Event{}, err
		}
		defer leave()
		return look(ctx)
	})
}

// missed is one event that stands for all since a token: from memory, or where that
// does not go back so far from the journal. The error is errGone where the journal
// does not either.
func (s *Server) missed(ctx context.Context, client string, t replica.Token) (live.Event, error) {
	if err := s.waitFor(ctx, client, t); err != nil {
		return live.Event{}, err
	}
	all := live.Event{Version: s.replica.Version()} // before the list: what comes between is told twice
	list, complete := s.feed.Since(t)
	if complete && len(list) <= fewEvents {
		all.Join(list)
		return all, all.Encode()
	}
	if !complete && t.Single() {
		all.Everything(s.replica.State())
		return all, all.Encode()
	}
	return s.missing.since(ctx, client, missingKey{t.String(), all.Version.String()}, func(ctx context.Context) (live.Event, error) {
		if complete {
			all.Join(list)
			return all, all.Encode()
		}
		err := all.FromJournal(ctx, s.ledger, t, s.replica.State())
		return all, errors.Join(err, all.Encode())
	})
}

// fewEvents are put together at once, without waiting for a turn.
const fewEvents = 64
