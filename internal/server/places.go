package server

import (
	"errors"
	"sync"
)

// Reasons why a place is refused.
var (
	errAllTaken  = errors.New("all places are taken")
	errHasEnough = errors.New("the client has as many as one may have")
)

// places bounds long-lived things such as connections, in total and by client.
type places struct {
	most, each int

	mu    sync.Mutex
	taken int
	by    map[string]int
}

func newPlaces(most, each int) *places {
	return &places{most: most, each: each, by: map[string]int{}}
}

// take gives a client a place until leave is called.
func (p *places) take(client string) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.by[client] >= p.each:
		return nil, errHasEnough
	case p.taken >= p.most:
		return nil, errAllTaken
	}
	p.taken++
	p.by[client]++
	return sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.taken--
		if p.by[client]--; p.by[client] == 0 {
			delete(p.by, client)
		}
	}), nil
}
