package server

import (
	"fmt"
	"net/http"
	"time"

	"yizhan/geo"
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
	out.send("retry: %d\nevent: hello\ndata: {\"version\":%q}\n\n", comeBack.Milliseconds(), state.Version)

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
			out.send("event: %s\ndata: %s\n\n", e.name, e.data)
		}
	}
	return nil
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
