package server

import (
	"fmt"
	"net/http"
	"time"

	"yizhan/internal/live"
	"yizhan/internal/replica"
)

// Times of a live connection: what keeps it open through proxies, how soon a
// browser comes back, and how long one write may take.
const (
	keepAlive  = 15 * time.Second
	comeBack   = 1500 * time.Millisecond
	writeLimit = 10 * time.Second
)

// events is the live feed as server-sent events (WHATWG HTML, 9.2): what a returning
// client has missed, "hello" with the current version, then "change" and "catalog" as they
// happen.
func (c *changeRoutes) events(w http.ResponseWriter, r *http.Request) error {
	if _, err := c.replica.Ready(); err != nil {
		return err
	}
	free, err := c.follow(clientOf(r))
	if err != nil {
		return err
	}
	defer free()
	changes, leave := c.feed.Listen()
	defer leave()
	c.metrics.watchers.Inc()
	defer c.metrics.watchers.Dec()

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.Header().Set(versionHeader, c.replica.Version().String())
	out := stream{writer: w, control: http.NewResponseController(w)}
	out.send("retry: %d\n\n", comeBack.Milliseconds())
	at, resumed := c.resume(r, &out)
	out.send("id: %s\nevent: hello\ndata: %s\n\n", at, greeting(at, resumed))

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
			if !resumed || !at.Covers(e.Version) { // else it was among what was missed
				out.event(e)
			}
		}
	}
	return nil
}

// resume tells a returning client what it missed (Last-Event-ID) and returns the version
// that it has then. A client whose version is no longer known is not resumed: it gets the
// current version and loads everything again.
func (c *changeRoutes) resume(r *http.Request, out *stream) (at replica.Token, resumed bool) {
	token, err := replica.ParseToken(r.Header.Get("Last-Event-ID"))
	if err != nil {
		return c.replica.Version(), false
	}
	all, err := c.sinceToken(r.Context(), clientOf(r), token)
	if err != nil {
		c.log.Debug("a client cannot be told what it missed", "request_id", requestID(r.Context()), "error",
			redacted(err))
		return c.replica.Version(), false
	}
	if len(all.Ground) > 0 || all.Catalog {
		out.event(all)
	}
	return all.Version, true
}

// greeting is the data of "hello".
func greeting(at replica.Token, resumed bool) string {
	if resumed {
		return fmt.Sprintf(`{"version":%q,"resumed":true}`, at)
	}
	return fmt.Sprintf(`{"version":%q}`, at)
}

func (s *stream) event(e live.Event) {
	s.send("id: %s\nevent: %s\ndata: %s\n\n", e.Version, e.Name, e.Data)
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
