package server

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
)

// presence is the state in memory, and how current it is.
type presence struct {
	*answering
	replica  *replica.Replica
	versions *queue.Queue // waiting for a version that has not arrived
}

// state is the replica's; the answer notes how stale it may be.
func (p *presence) state(w http.ResponseWriter) (*replica.State, error) {
	state, err := p.replica.Ready()
	if err != nil {
		return nil, err
	}
	p.markStale(w)
	return state, nil
}

// markStale notes on the answer how long ago the state was known to be current.
func (p *presence) markStale(w http.ResponseWriter) {
	status := p.replica.Status()
	if now := time.Now(); !status.Current(now) {
		w.Header().Set("X-Stale-Seconds", strconv.Itoa(int(math.Ceil(now.Sub(status.Checked).Seconds()))))
	}
}

// waitFor returns when this server has everything that the token stands for; a bounded
// number of requests wait at a time.
func (p *presence) waitFor(ctx context.Context, client string, t replica.Token) error {
	if p.replica.Version().Covers(t) {
		return nil
	}
	leave, err := p.versions.Enter(ctx, client)
	if err != nil {
		return err
	}
	defer leave()
	return p.replica.WaitFor(ctx, t)
}

// notOlder is for addresses that show features: a request with ?at=TOKEN continues when
// this server has everything that the token stands for, whichever server issued it.
func (p *presence) notOlder(next http.Handler) http.Handler {
	return p.answer(func(w http.ResponseWriter, r *http.Request) error {
		query := r.URL.Query()
		if !query.Has("at") {
			next.ServeHTTP(w, r)
			return nil
		}
		if _, err := p.replica.Ready(); err != nil {
			return err
		}
		if n := len(query["at"]); n > 1 {
			return givenTwice("at", n)
		}
		token, err := replica.ParseToken(query.Get("at"))
		if err != nil {
			return err
		}
		if err := p.waitFor(r.Context(), clientOf(r), token); err != nil {
			return err
		}
		query.Del("at")
		plain := r.Clone(r.Context())
		plain.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, plain)
		return nil
	})
}

// givenTwice refuses a parameter that must be given once.
func givenTwice(name string, times int) error {
	return lang.Errorf("parameter %.60q is given %d times; give it once: %w", name, times, geo.ErrInvalid)
}
