package jobs

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
)

// Limits of previews.
const (
	maxReading    = 2   // imports received or read at once
	maxRemembered = 200 // jobs that are remembered after their files are gone
	placePatience = 30 * time.Second
)

// errBusy: every place for reading is taken.
var errBusy = lang.Errorf("%d imports are being read; try again when one has finished: %w", maxReading,
	geo.ErrUnavailable)

// Options of [NewPreviews].
type Options struct {
	Ledger *ledger.Ledger
	Merge  *merge.Imports
	Limits Limits // of one upload
	Under  string // folder for uploads; "" means the system's for temporary files
	Actor  string // whom the journal names; "" means the ledger's user
	Log    *slog.Logger

	Redacted func(error) string                        // the part of an error that may be logged
	Counted  func(layer geo.LayerName, became Outcome) // told what became of each import
}

// Previews are the imports that this server has received.
type Previews struct {
	Options
	receiver *Receiver
	reading  atomic.Int64
	slots    chan struct{}
	life     context.Context // ends when the server stops
	stop     context.CancelFunc
	work     sync.WaitGroup // uploads received or read

	mu    sync.Mutex
	known map[int64]*Job
}

// NewPreviews makes an empty collection.
func NewPreviews(o Options) *Previews {
	life, stop := context.WithCancel(context.Background())
	return &Previews{Options: o, life: life, stop: stop, receiver: NewReceiver(life, &Folder{Under: o.Under}, o.Limits),
		slots: make(chan struct{}, maxReading), known: map[int64]*Job{}}
}

// Arrive counts an upload among the work that [Previews.Close] waits for, until done is
// called. While every place is taken it is refused before its body is read.
func (p *Previews) Arrive() (done func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.life.Err() != nil:
		return nil, ErrStopping
	case len(p.slots) == cap(p.slots):
		return nil, errBusy
	}
	p.work.Add(1)
	return sync.OnceFunc(p.work.Done), nil
}

// Receive reads the form of an upload, as [Receiver.Receive] does.
func (p *Previews) Receive(from io.Reader, length int64, boundary string, c Connection,
	log *slog.Logger) (*Upload, error) {
	return p.receiver.Receive(from, length, boundary, c, log)
}

// place takes one of the places for reading, and waits for one for a while; free gives
// it back.
func (p *Previews) place(ctx context.Context) (free func(), err error) {
	wait, cancel := context.WithTimeout(ctx, placePatience)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		return sync.OnceFunc(func() { <-p.slots }), nil
	case <-p.life.Done():
		return nil, ErrStopping
	case <-wait.Done():
		return nil, errBusy
	}
}

// remember keeps a job, and forgets the oldest of those whose files are gone.
func (p *Previews) remember(one *Job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[one.ID] = one
	for _, id := range slices.Sorted(maps.Keys(p.known)) {
		if len(p.known) <= maxRemembered {
			return
		}
		if old := p.known[id]; old.Over() && !old.kept() {
			delete(p.known, id)
		}
	}
}

// Find returns nil for an import that this server has not received.
func (p *Previews) Find(id int64) *Job {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[id]
}

func (p *Previews) all() []*Job {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Values(p.known))
}

// Reading is how many imports are being read.
func (p *Previews) Reading() int64 { return p.reading.Load() }

// Stopping is closed when the server stops.
func (p *Previews) Stopping() <-chan struct{} { return p.life.Done() }

// Close stops the imports that are being read and removes the uploads.
func (p *Previews) Close() error {
	p.mu.Lock()
	p.stop()
	p.mu.Unlock()
	p.work.Wait()
	return p.receiver.Folder.Close()
}
