package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"yizhan/internal/replica"
	"yizhan/internal/store"
	"yizhan/tiles"
)

// Limits of every request.
const (
	requestTimeout    = 15 * time.Second
	headerTimeout     = 5 * time.Second
	readTimeout       = 30 * time.Second
	sendTimeout       = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	drainTimeout      = 10 * time.Second
	defaultCacheBytes = 256 << 20
)

// Options of a server.
type Options struct {
	Store      *store.Store
	DSN        string // of the ledger, for the replica's own connection
	Log        *slog.Logger
	Viewer     fs.FS // the built viewer; nil when there is none
	CacheBytes int64 // memory for finished tiles; 0 means 256 MiB

	UploadBytes    int64         // of one upload, all together; 0 means 2 GiB
	UploadPatience time.Duration // how long an upload may send nothing; 0 means 30 s
	UploadDir      string        // folder in which the server makes one for uploads; "" means the system's for temporary files
	ImportToken    string        // lets its bearer import from elsewhere; "" means that only this machine may
	ImportActor    string        // who imports over HTTP, as the journal has it; "" means the ledger's user
}

// Server answers HTTP from the replica and the ledger.
type Server struct {
	store   *store.Store
	replica *replica.Replica
	history *replica.History
	cache   *tiles.Cache
	drawer  tiles.Drawer
	feed    *feed
	metrics *metrics
	imports *imports
	files   fs.FS
	ids     *ids
	aliases aliases
	log     *slog.Logger
	routing http.Handler
}

// New puts a server together; [Server.Follow] keeps its replica current.
func New(o Options) *Server {
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	s := &Server{store: o.Store, files: o.Viewer, log: o.Log, feed: newFeed(), ids: newIDs(), cache: tiles.NewCache(o.CacheBytes), imports: newImports(o)}
	s.replica = replica.New(replica.Options{DSN: o.DSN, Log: o.Log, Changed: s.changed})
	s.history = replica.NewHistory(o.Store)
	s.metrics = newMetrics(s)
	s.routing = s.routes()
	return s
}

// ServeHTTP makes the server a handler: finished tiles first, then the router.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.serveHot(w, r) {
		s.routing.ServeHTTP(w, r)
	}
}

// Follow keeps the replica current until the context ends.
func (s *Server) Follow(ctx context.Context) error { return s.replica.Run(ctx) }

// Loaded is closed when the first state stands and tiles can be drawn.
func (s *Server) Loaded() <-chan struct{} { return s.replica.Loaded() }

// Replica is the copy in memory that the server draws from.
func (s *Server) Replica() *replica.Replica { return s.replica }

// Listen serves on the listener until the context ends, then drains for a while.
func (s *Server) Listen(ctx context.Context, l net.Listener) error {
	web := &http.Server{
		Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: sendTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	sweeping, stop := context.WithCancel(ctx)
	var sweeper sync.WaitGroup
	sweeper.Go(func() { s.sweep(sweeping) })
	defer sweeper.Wait()
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(l) }()
	select {
	case err := <-failed:
		return errors.Join(fmt.Errorf("serve: %w", err), s.Close())
	case <-ctx.Done():
	}
	s.feed.close()
	closed := s.Close()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := web.Shutdown(drain); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off after %s: %w", drainTimeout, err), web.Close(), closed)
	}
	return closed
}

// changed is told of every new state, after it stands: first the tiles that it
// touched are dropped, then browsers hear of it.
func (s *Server) changed(change replica.Change) {
	if change.Catalog {
		s.aliases.forget()
	}
	for _, l := range change.Layers {
		var dropped int
		if l.Whole {
			s.history.Forget(l.Layer)
			dropped = s.cache.DropLayer(l.Layer)
		} else {
			dropped = s.cache.Drop(l.Layer, l.Touches)
		}
		s.metrics.dropped.Add(float64(dropped))
		s.metrics.changes.WithLabelValues(string(l.Layer)).Add(float64(l.IDs))
		s.log.Debug("layer changed", "layer", l.Layer, "features", l.IDs, "whole", l.Whole, "tiles_dropped", dropped)
	}
	for _, name := range change.Pasts {
		s.history.Forget(name)
		s.metrics.dropped.Add(float64(s.cache.DropPasts(name)))
	}
	if len(change.Layers) == 0 && !change.Catalog {
		return // the present is as it was
	}
	e, err := changeEvent(change)
	if err != nil {
		s.log.Error("announce a change", "error", err)
		return
	}
	s.feed.tell(e)
}

// markStale notes on the answer how long ago the state was known to be current.
func (s *Server) markStale(w http.ResponseWriter) {
	status := s.replica.Status()
	if now := time.Now(); !status.Current(now) {
		w.Header().Set("X-Stale-Seconds", strconv.Itoa(int(math.Ceil(now.Sub(status.Checked).Seconds()))))
	}
}
