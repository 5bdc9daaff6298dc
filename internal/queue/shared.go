package queue

import (
	"context"
	"errors"
	"sync"

	"yizhan/internal/lang"
)

// Shared makes a value once for all callers that ask for it at the same time, and keeps the
// most recent ones. A value that nobody waits for any longer is abandoned.
type Shared[K comparable, V any] struct {
	keep int // how many are kept once they are made; what stands in the key says what they are true of

	mu    sync.Mutex
	calls map[K]*call[V]
	kept  []K // of calls, oldest first
}

type call[V any] struct {
	done    chan struct{} // closed when value and err stand
	value   V
	err     error
	waiting int // under Shared.mu
	cancel  context.CancelFunc
}

// NewShared keeps the given number of values.
func NewShared[K comparable, V any](keep int) *Shared[K, V] {
	return &Shared[K, V]{keep: keep, calls: map[K]*call[V]{}}
}

// Get returns what is kept or being made under the key, or has it made.
func (s *Shared[K, V]) Get(ctx context.Context, client string, k K, work func(context.Context) (V, error)) (V, error) {
	for {
		c, mine := s.join(ctx, k, work)
		select {
		case <-c.done:
		case <-ctx.Done():
			s.leave(k, c)
			var none V
			return none, ctx.Err()
		}
		var refused *Refused
		if !mine && errors.As(c.err, &refused) && !refused.Concerns(client) {
			continue // that was said to another
		}
		return c.value, c.err
	}
}

func (s *Shared[K, V]) join(ctx context.Context, k K, work func(context.Context) (V, error)) (c *call[V], mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c = s.calls[k]; c != nil {
		c.waiting++
		return c, false
	}
	c = &call[V]{done: make(chan struct{}), waiting: 1}
	ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.calls[k] = c
	go s.run(ctx, k, c, work)
	return c, true
}

func (s *Shared[K, V]) leave(k K, c *call[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-c.done:
		return
	default:
	}
	if c.waiting--; c.waiting == 0 {
		c.cancel()
		delete(s.calls, k)
	}
}

func (s *Shared[K, V]) run(ctx context.Context, k K, c *call[V], work func(context.Context) (V, error)) {
	defer c.cancel()
	c.value, c.err = guarded(ctx, work)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(c.done)
	switch {
	case s.calls[k] != c:
	case c.err != nil || s.keep == 0:
		delete(s.calls, k)
	default:
		if s.kept = append(s.kept, k); len(s.kept) > s.keep {
			delete(s.calls, s.kept[0])
			s.kept = s.kept[1:]
		}
	}
}

// guarded turns a panic into an error, as this is not the goroutine of a request.
func guarded[V any](ctx context.Context, work func(context.Context) (V, error)) (value V, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = lang.Errorf("internal error: %v", p)
		}
	}()
	return work(ctx)
}
