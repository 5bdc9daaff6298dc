package server

import (
	"sync"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// allowance bounds the memory of answers that are being sent, so that many slow
// readers cannot exhaust it.
type allowance struct {
	most int // bytes of all
	each int // bytes of one client

	mu   sync.Mutex
	held int
	by   map[string]int
}

func newAllowance(most, each int) *allowance {
	return &allowance{most: most, each: each, by: map[string]int{}}
}

// take reserves bytes for a client's answer until release is called. A single answer is
// always allowed.
func (a *allowance) take(client string, bytes int) (release func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	mine := a.by[client]
	if a.held+bytes > a.most && a.held > 0 || mine+bytes > a.each && mine > 0 {
		return nil, lang.Errorf("other large answers are being sent; try again in a moment: %w", geo.ErrUnavailable)
	}
	a.held += bytes
	a.by[client] += bytes
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.held -= bytes
		if a.by[client] -= bytes; a.by[client] == 0 {
			delete(a.by, client)
		}
	}, nil
}
