package server

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"yizhan/internal/jobs"
	"yizhan/internal/ledger"
	"yizhan/internal/live"
	"yizhan/internal/merge"
	"yizhan/internal/replica"
	"yizhan/internal/tileserve"
)

// defaultCacheBytes is the memory for finished tiles where nobody chooses one.
const defaultCacheBytes = 256 << 20

// Options of a server.
type Options struct {
	Ledger     *ledger.Ledger
	Log        *slog.Logger
	Viewer     fs.FS // the built viewer; nil when there is none
	CacheBytes int64 // memory for finished tiles; 0 means 256 MiB

	UploadBytes    int64         // of one upload, all together; 0 means 2 GiB
	UploadPatience time.Duration // how long an upload may send nothing; 0 means 30 s
	UploadGrace    time.Duration // before an upload must average 4 KiB a second; 0 means 30 s
	UploadLongest  time.Duration // in which an upload must have arrived; 0 means an hour
	// folder in which the server makes one for uploads; "" means the system's for temporary files
	UploadDir   string
	ImportToken string // required of whoever imports; "" means that of Local
	ImportActor string // who imports over HTTP, as the journal has it; "" means the ledger's user

	Local *Local       // how this account imports without a chosen token; nil for not at all
	Admin net.Listener // of health and metrics alone; nil means that the public one has them

	Connections     int // of the public listener at once; 0 means 8,192
	ConnectionsEach int // of one address that is not this machine's; 0 means 1,024
}

// Server answers HTTP from the replica and the ledger. The routes of each resource are a
// type of their own.
type Server struct {
	*answering
	presence *presence
	layers   *layerRoutes
	tiles    *tileRoutes
	ogc      *ogcRoutes
	changes  *changeRoutes
	asks     *askRoutes
	imports  *importRoutes
	viewer   *viewerRoute
	doors    doors
	routing  http.Handler
}

// New puts a server together; [Server.Follow] keeps its replica current.
func New(o Options) *Server {
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	o.Log = slog.New(newLimitedLog(o.Log.Handler()))
	turns := newTurns()
	s := &Server{answering: &answering{log: o.Log, ids: newIDs(), metrics: newMetrics()}, doors: newDoors(o)}
	kept := replica.New(replica.Options{Logins: o.Ledger.DB().Logins(), Log: o.Log, Changed: s.changed})
	history := replica.NewHistory(o.Ledger, turns.pasts, func() int { return kept.Status().Features })
	feed := live.NewFeed()
	s.presence = &presence{s.answering, kept, turns.versions}
	s.layers = &layerRoutes{s.presence}
	s.tiles = &tileRoutes{s.presence, tileserve.New(tileserve.Options{
		Replica: kept, History: history, Bytes: o.CacheBytes, Pasts: turns.views, Explains: turns.explains,
		Drawn: func(took time.Duration) { s.metrics.draws.Observe(took.Seconds()) },
	})}
	s.ogc = &ogcRoutes{s.tiles}
	s.changes = &changeRoutes{s.presence, feed, live.NewMissed(feed, o.Ledger, kept, turns.changes),
		newPlaces(maxFollowers, followersOfEach)}
	s.asks = &askRoutes{s.answering, o.Ledger, turns.questions, newAllowance(sentAtOnce, sentToOne)}
	s.imports = newImportRoutes(o, s.answering)
	s.viewer = &viewerRoute{o.Viewer}
	s.metrics.watch(s)
	s.routing = s.routes()
	return s
}

func newImportRoutes(o Options, a *answering) *importRoutes {
	imports := merge.New(o.Ledger)
	limits := jobs.Limits{Bytes: o.UploadBytes, Patience: o.UploadPatience, Grace: o.UploadGrace,
		Longest: o.UploadLongest}
	previews := jobs.NewPreviews(jobs.Options{Ledger: o.Ledger, Merge: imports, Limits: limits, Under: o.UploadDir,
		Actor: o.ImportActor, Log: o.Log, Redacted: redacted, Counted: a.metrics.countImport})
	return &importRoutes{a, newAccess(o), o.Ledger, imports, previews}
}

// ServeHTTP makes the server a handler: finished tiles first, then the router.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header()["X-Content-Type-Options"] = nosniff
	if !s.tiles.serveHot(w, r) {
		s.routing.ServeHTTP(w, r)
	}
}

// Follow keeps the replica current until the context ends.
func (s *Server) Follow(ctx context.Context) error { return s.presence.replica.Run(ctx) }

// Loaded is closed when the first state stands and tiles can be drawn.
func (s *Server) Loaded() <-chan struct{} { return s.presence.replica.Loaded() }

// Replica is the copy in memory that the server draws from.
func (s *Server) Replica() *replica.Replica { return s.presence.replica }

// Close stops the imports that are being read and removes the uploads. [Server.Listen]
// does so at its end.
func (s *Server) Close() error { return s.imports.previews.Close() }

// changed is told of every new state once it stands: first the tiles that it touched are
// dropped, then browsers are told.
func (s *Server) changed(change replica.Change) {
	s.metrics.dropped.Add(float64(s.tiles.service.Changed(change)))
	for _, l := range change.Layers {
		s.metrics.changes.WithLabelValues(string(l.Layer)).Add(float64(l.IDs))
		s.log.Debug("layer changed", "layer", l.Layer, "features", l.IDs, "whole", l.Whole)
	}
	if len(change.Layers) == 0 && !change.Catalog {
		return // the present is unchanged
	}
	e, err := live.NewEvent(change)
	if err != nil {
		s.log.Error("announce a change", "error", err)
		return
	}
	s.changes.feed.Tell(e)
}
