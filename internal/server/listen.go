package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/internal/lang"
)

// Limits of every request.
const (
	requestTimeout = 15 * time.Second
	headerTimeout  = 5 * time.Second
	readTimeout    = 30 * time.Second
	sendTimeout    = 60 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
	drainTimeout   = 10 * time.Second
)

// doors are the listeners besides the public one, and the limits of that one.
type doors struct {
	local       *Local
	admin       net.Listener
	connections int
	each        int
	refused     *atomic.Uint64 // connections for which there was no place
}

func newDoors(o Options) doors {
	d := doors{local: o.Local, admin: o.Admin, connections: o.Connections, each: o.ConnectionsEach,
		refused: &atomic.Uint64{}}
	if d.connections == 0 {
		d.connections = defaultConnections
	}
	if d.each == 0 {
		d.each = defaultConnectionsEach
	}
	d.connections = fitting(d.connections)
	return d
}

// door is a listener and its server.
type door struct {
	web *http.Server
	at  net.Listener
}

func (s *Server) door(at net.Listener, h http.Handler, known func(context.Context) context.Context) door {
	return door{at: at, web: &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: sendTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return known(context.Background()) },
	}}
}

// open returns the public door, and those of the account and of monitoring if configured.
func (s *Server) open(public net.Listener) []door {
	unknown := func(ctx context.Context) context.Context { return ctx }
	all := []door{s.door(newGate(public, s.doors.connections, s.doors.each, s.doors.refused), s, unknown)}
	if s.doors.local != nil && s.doors.local.socket != nil {
		all = append(all, s.door(s.doors.local.socket, s, overSocket))
	}
	if s.doors.admin != nil {
		all = append(all, s.door(newGate(s.doors.admin, adminConnections, adminConnections, s.doors.refused),
			s.adminRoutes(), unknown))
	}
	return all
}

// Listen serves on the listener, and on those of the options, until the context ends,
// then drains for a while.
func (s *Server) Listen(ctx context.Context, l net.Listener) error {
	sweeping, stop := context.WithCancel(ctx)
	var sweeper sync.WaitGroup
	sweeper.Go(func() { s.imports.previews.Sweep(sweeping) })
	defer sweeper.Wait()
	defer stop()
	doors := s.open(l)
	failed := make(chan error, len(doors))
	for _, d := range doors {
		go func() { failed <- d.web.Serve(d.at) }()
	}
	var err error
	select {
	case err = <-failed:
		err = lang.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.changes.feed.Close()
	err = errors.Join(err, s.imports.previews.Close())
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	return errors.Join(err, shut(drain, doors))
}

// shut waits for all requests to finish, until the context ends.
func shut(ctx context.Context, doors []door) error {
	faults := make([]error, len(doors))
	var closing sync.WaitGroup
	for n, d := range doors {
		closing.Go(func() {
			if err := d.web.Shutdown(ctx); err != nil {
				faults[n] = errors.Join(lang.Errorf("requests were cut off after %s: %w", drainTimeout, err),
					d.web.Close())
			}
		})
	}
	closing.Wait()
	return errors.Join(faults...)
}
