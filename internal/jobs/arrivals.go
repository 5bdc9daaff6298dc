package jobs

import (
	"sync"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// How many uploads may arrive at once, and how long one may be slow before it has to make
// room for another.
const (
	maxArriving = 32
	roomAfter   = 2 * time.Second
)

// errCrowded: there is no place to receive an upload.
var errCrowded = lang.Errorf("%d uploads are already arriving; try again when one has finished: %w",
	maxArriving, geo.ErrUnavailable)

// arrivals are the uploads that are being received. Their places are separate from those for
// reading, and a slow upload gives up its place when others need it.
type arrivals struct {
	mu  sync.Mutex
	all map[*arriving]struct{}
}

// join takes a place for an upload, that of the slowest if need be.
func (a *arrivals) join(one *arriving) (leave func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.all) >= maxArriving {
		slowest := a.slowest(time.Now())
		if slowest == nil {
			return nil, errCrowded
		}
		delete(a.all, slowest)
		slowest.makeRoom()
	}
	if a.all == nil {
		a.all = map[*arriving]struct{}{}
	}
	a.all[one] = struct{}{}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.all, one)
	}, nil
}

// slowest is the upload with the lowest average rate among those past their grace period and
// below the minimum rate; nil if there is none. It needs a.mu.
func (a *arrivals) slowest(now time.Time) (found *arriving) {
	least := float64(MinRate)
	for one := range a.all {
		age := now.Sub(one.pace.Began)
		if rate := float64(one.read.Load()) / age.Seconds(); age > roomAfter && rate < least {
			found, least = one, rate
		}
	}
	return found
}
