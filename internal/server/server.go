package server

import (
	"context"
	"io/fs"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"yizhan/internal/ledger"
	"yizhan/internal/live"
	"yizhan/internal/merge"
	"yizhan/internal/replica"
	"yizhan/internal/tileserve"
)

// defaultCacheBytes of finished tiles are kept where nobody says how many.
const defaultCacheBytes = 256 << 20

// Options of a server.
type Options struct {
	Ledger     *ledger.Ledger
	Log        *slog.Logger
	Viewer     fs.FS // the built viewer; nil when there is none
	CacheBytes int64 // memory for finished tiles; 0 means 256 MiB

	UploadBytes    int64         // of one upload, all together; 0 means 2 GiB
	UploadPatience time.Duration // how long an upload may send nothing; 0 means 30 s
	UploadGrace    time.Duration // after which an upload must have come at 4 KiB a second on the average; 0 means 30 s
	UploadLongest  time.Duration // in which an upload must have come; 0 means an hour
	UploadDir      string        // folder in which the server makes one for uploads; "" means the system's for temporary files
	ImportToken    string        // is wanted of whoever imports; "" means that of Local
	ImportActor    string        // who imports over HTTP, as the journal has it; "" means the ledger's user

	Local *Local       // how this account imports without a chosen token; nil for not at all
	Admin net.Listener // of health and metrics alone; nil means that the public one has them

	Connections     int // of the public listener at once; 0 means 8,192
	ConnectionsEach int // of one address that is not this machine's; 0 means 1,024
}

// Server answers HTTP from the replica and the ledger.
type Server struct {
	ledger    *ledger.Ledger
	merge     *merge.Imports
	replica   *replica.Replica
	history   *replica.History
	turns     turns
	missing   *missing
	answers   *allowance
	tiles     *tileserve.Service
	feed      *live.Feed
	metrics   *metrics
	imports   *imports
	access    access
	doors     doors
	followers *places
	files     fs.FS
	ids       *ids
	log       *slog.Logger
	routing   http.Handler
}

// New puts a server together; [Server.Follow] keeps its replica current.
func New(o Options) *Server {
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	o.Log = slog.New(newLimitedLog(o.Log.Handler()))
	s := &Server{ledger: o.Ledger, merge: merge.New(o.Ledger), files: o.Viewer, log: o.Log, feed: live.NewFeed(), ids: newIDs(), imports: newImports(o)}
	s.access, s.doors, s.followers = newAccess(o), newDoors(o), newPlaces(maxFollowers, followersOfEach)
	s.replica = replica.New(replica.Options{Logins: o.Ledger.DB().Logins(), Log: o.Log, Changed: s.changed})
	s.turns = newTurns()
	s.history = replica.NewHistory(o.Ledger, s.turns.pasts, func() int { return s.replica.Status().Features })
	s.answers = newAllowance(sentAtOnce, sentToOne)
	s.missing = newMissing(s.turns.changes)
	s.tiles = tileserve.New(tileserve.Options{
		Replica: s.replica, History: s.history, Bytes: o.CacheBytes, Pasts: s.turns.views, Explains: s.turns.explains,
		Drawn: func(took time.Duration) { s.metrics.draws.Observe(took.Seconds()) },
	})
	s.metrics = newMetrics(s)
	s.routing = s.routes()
	return s
}

// ServeHTTP makes the server a handler: finished tiles first, then the router.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header()["X-Content-Type-Options"] = nosniff
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

// changed is told of every new state, after it stands: first the tiles that it
// touched are dropped, then browsers hear of it.
func (s *Server) changed(change replica.Change) {
	s.metrics.dropped.Add(float64(s.tiles.Changed(change)))
	for _, l := range change.Layers {
		s.metrics.changes.WithLabelValues(string(l.Layer)).Add(float64(l.IDs))
		s.log.Debug("layer changed", "layer", l.Layer, "features", l.IDs, "whole", l.Whole)
	}
	if len(change.Layers) == 0 && !change.Catalog {
		return // the present is as it was
	}
	e, err := live.NewEvent(change)
	if err != nil {
		s.log.Error("announce a change", "error", err)
		return
	}
	s.feed.Tell(e)
}

// markStale notes on the answer how long ago the state was known to be current.
func (s *Server) markStale(w http.ResponseWriter) {
	status := s.replica.Status()
	if now := time.Now(); !status.Current(now) {
		w.Header().Set("X-Stale-Seconds", strconv.Itoa(int(math.Ceil(now.Sub(status.Checked).Seconds()))))
	}
}
