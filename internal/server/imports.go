package server

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// Limits of imports.
const (
	maxReading    = 2   // imports received or read at once
	maxRemembered = 200 // imports of which more is known than the ledger has
	sweepEvery    = 10 * time.Minute
	placePatience = 30 * time.Second // with which an upload that has come waits for its turn to be read
)

// Why an import that was being read is no longer.
var (
	errDiscarded = lang.Errorf("the import was discarded while it was being read: %w", geo.ErrConflict)
	errBusy      = lang.Errorf("%d imports are being read already; try again when one is done: %w", maxReading, geo.ErrUnavailable)
)

// imports are those that this server has received.
type imports struct {
	actor    string
	receiver *jobs.Receiver
	slots    chan struct{}
	life     context.Context // ends when the server is being stopped
	stop     context.CancelFunc
	work     sync.WaitGroup // imports received or read

	mu    sync.Mutex
	known map[int64]*received
}

// received is an import whose files this server has, or why it could not be read.
type received struct {
	id      int64
	layer   geo.LayerName
	path    string // of the file or folder to open
	options format.Options
	began   time.Time
	cancel  context.CancelCauseFunc
	done    chan struct{} // closed when it is read, or given up
	err     error         // why it was given up; set before done is closed
	at      atomic.Pointer[importer.Progress]

	mu  sync.RWMutex // held for reading while the files are
	dir string       // "" when the files are gone
}

func newImports(o Options) *imports {
	life, stop := context.WithCancel(context.Background())
	limits := jobs.Limits{Bytes: o.UploadBytes, Patience: o.UploadPatience, Grace: o.UploadGrace, Longest: o.UploadLongest}
	return &imports{life: life, stop: stop, actor: o.ImportActor,
		receiver: jobs.NewReceiver(life, &jobs.Folder{Under: o.UploadDir}, limits),
		slots:    make(chan struct{}, maxReading), known: map[int64]*received{},
	}
}

// arrive counts an upload among the work that the server waits for when it stops; done
// ends it. While all places are taken it is refused before it has come.
func (i *imports) arrive() (done func(), err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.life.Err() != nil:
		return nil, jobs.ErrStopping
	case len(i.slots) == cap(i.slots):
		return nil, errBusy
	}
	i.work.Add(1)
	return sync.OnceFunc(i.work.Done), nil
}

// begin takes one of the places for imports that are read, and waits for one for a while;
// free gives it back.
func (i *imports) begin(ctx context.Context) (free func(), err error) {
	wait, cancel := context.WithTimeout(ctx, placePatience)
	defer cancel()
	select {
	case i.slots <- struct{}{}:
		return sync.OnceFunc(func() { <-i.slots }), nil
	case <-i.life.Done():
		return nil, jobs.ErrStopping
	case <-wait.Done():
		return nil, errBusy
	}
}

// remember takes an import up. What is known of the oldest that have no files any
// more is forgotten.
func (i *imports) remember(one *received) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.known[one.id] = one
	for _, id := range slices.Sorted(maps.Keys(i.known)) {
		if len(i.known) <= maxRemembered {
			return
		}
		if old := i.known[id]; old.over() && !old.kept() {
			delete(i.known, id)
		}
	}
}

// find returns nil for an import that this server does not have.
func (i *imports) find(id int64) *received {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.known[id]
}

func (i *imports) all() []*received {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Collect(maps.Values(i.known))
}

// over reports whether the import is no longer being read.
func (r *received) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

func (r *received) kept() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.dir != ""
}

// remove takes the files off the disk.
func (r *received) remove() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := jobs.Remove(r.dir)
	r.dir = ""
	return err
}

// preview reads an import to its end. It owns the file; free gives its place back.
func (s *Server) preview(ctx context.Context, one *received, file *format.File, o merge.Options, free func()) {
	defer close(one.done)
	defer free()
	o.Progress = func(p importer.Progress) { one.at.Store(&p) }
	s.metrics.reading.Inc()
	p, err := s.merge.Preview(ctx, one.id, one.layer, file, o)
	s.metrics.reading.Dec()
	if closeErr := file.Close(); closeErr != nil {
		s.log.Error("what an import unpacked cannot be removed", "import", one.id, "error", jobs.NoRoom(closeErr))
	}
	if err == nil && settings.Value(o.Strict) && p.Report.Rejected > 0 {
		err = &strictRefusal{p.Report}
	}
	if err != nil {
		one.err = s.giveUp(ctx, one, err)
		s.metrics.imports.WithLabelValues(string(one.layer), outcome(one.err)).Inc()
		s.log.Info("import not read", "request_id", requestID(ctx), "import", one.id, "layer", one.layer, "outcome", outcome(one.err))
		return
	}
	s.metrics.imports.WithLabelValues(string(one.layer), "previewed").Inc()
	s.logReport(ctx, "import previewed", one.id, p.Report)
}

// giveUp takes the files away, and what the ledger has of an import that somebody
// stopped. It returns why there is no preview.
func (s *Server) giveUp(ctx context.Context, one *received, err error) error {
	cause, stopped, dir := context.Cause(ctx), ctx.Err() != nil, one.dir
	ctx = context.WithoutCancel(ctx)
	var refused *strictRefusal
	if stopped || errors.As(err, &refused) {
		if discardErr := s.merge.Discard(ctx, one.id); discardErr != nil {
			s.log.Warn("an import that was stopped is cleaned up later", "import", one.id, "error", hushed(discardErr))
		}
	}
	s.drop(one)
	if stopped {
		return cause
	}
	return placeless{err, dir}
}

// drop removes the files of an import that needs them no more.
func (s *Server) drop(one *received) {
	if one == nil {
		return
	}
	if err := one.remove(); err != nil {
		s.log.Error("an upload cannot be removed", "import", one.id, "error", jobs.NoRoom(err))
	}
}

// logReport writes counts into the log, and nothing that a file holds.
func (s *Server) logReport(ctx context.Context, what string, id int64, r *importer.Report) {
	s.log.Info(what, "request_id", requestID(ctx), "import", id, "layer", r.Layer, "mode", r.Mode, "read", r.Read, "inserted", r.Inserted,
		"updated", r.Updated, "unchanged", r.Unchanged, "deleted", r.Deleted, "rejected", r.Rejected, "taken", r.Took)
}

// sweep takes away what earlier runs of the server left behind, now and then until
// the context ends: previews that were interrupted or that nobody applied.
func (s *Server) sweep(ctx context.Context) {
	if removed, err := s.imports.receiver.Folder.Clean(); err != nil || removed > 0 {
		s.log.Info("folders of uploads left by earlier runs were removed", "folders", removed, "error", err)
	}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		interrupted, expired, err := s.merge.CleanPreviews(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Warn("imports cannot be cleaned up now", "error", hushed(err))
		default:
			s.log.Info("imports cleaned up", "interrupted", interrupted, "expired", expired)
		}
		s.dropDecided(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// dropDecided removes uploads on which somebody else has decided.
func (s *Server) dropDecided(ctx context.Context) {
	for _, one := range s.imports.all() {
		if !one.over() || !one.kept() {
			continue
		}
		p, err := s.merge.ReadPreview(ctx, one.id)
		if errors.Is(err, geo.ErrNotFound) || err == nil && p.State != merge.Previewed {
			s.drop(one)
		}
	}
}

// Close stops the imports that are being read and removes what was uploaded.
// [Server.Listen] does so at its end.
func (s *Server) Close() error {
	s.imports.mu.Lock()
	s.imports.stop()
	s.imports.mu.Unlock()
	s.imports.work.Wait()
	return s.imports.receiver.Folder.Close()
}
