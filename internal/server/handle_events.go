package server

import (
	"fmt"
	"net/http"
	"time"

	"yizhan/geo"
	"yizhan/internal/replica"
)

// Times of a live connection: what keeps it open through proxies, how soon a
// browser comes back, and how long one write may take.
const (
	keepAlive    = 15 * time.Second
	comeBack     = 1500 * time.Millisecond
	writeLimit   = 10 * time.Second
	maxListeners = 2000
)

// events is the live feed as server-sent events (WHATWG HTML, 9.2): "hello" with
// the version at hand, then "change" and "catalog" as they come.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	state := s.replica.State()
	if state == nil {
		return errLoading
	}
	if s.feed.count() >= maxListeners {
		return fmt.Errorf("%d clients follow the changes already: %w", maxListeners, geo.ErrUnavailable)
	}
	changes, leave := s.feed.listen()
	defer leave()
	s.metrics.watchers.Inc()
	defer s.metrics.watchers.Dec()

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	out := stream{writer: w, control: http.NewResponseController(w)}
	out.send("retry: %d\nid: %s\nevent: hello\ndata: {\"version\":%q}\n\n", comeBack.Milliseconds(), state.Version, state.Version)
	s.sendMissed(r, &out)

	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return nil
		case <-tick.C:
			out.send(": still here\n\n")
		case e, open := <-changes:
			if !open {
				return nil
			}
			out.event(e)
		}
	}
	return nil
}

// sendMissed tells a client that comes back what it missed (Last-Event-ID). One
// whose version nobody knows has hello's to compare with its own.
func (s *Server) sendMissed(r *http.Request, out *stream) {
	token, err := replica.ParseToken(r.Header.Get("Last-Event-ID"))
	if err != nil {
		return
	}
	all, err := s.missed(r.Context(), token)
	if err != nil {
		s.log.Warn("tell a client what it missed", "request_id", requestID(r.Context()), "error", causes(err))
		return
	}
	if len(all.ground) > 0 || all.catalog {
		out.event(all)
	}
}

func (s *stream) event(e event) {
	s.send("id: %s\nevent: %s\ndata: %s\n\n", e.version, e.name, e.data)
}

// stream writes and flushes, each time within writeLimit; it keeps its first error.
type stream struct {
	writer  http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (s *stream) send(format string, args ...any) {
	if s.err != nil {
		return
	}
	if s.err = s.control.SetWriteDeadline(time.Now().Add(writeLimit)); s.err != nil {
		return
	}
	if _, s.err = fmt.Fprintf(s.writer, format, args...); s.err == nil {
		s.err = s.control.Flush()
	}
}

func (f *feed) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.listeners)
}
