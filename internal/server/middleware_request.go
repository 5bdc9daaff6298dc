package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// observe logs each request by its route and counts it. Query strings and
// paths are not logged, because a question's parameters are private.
func (a *answering) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(wrapped, r)
		route := routeOf(r)
		status := wrapped.Status()
		if status == 0 {
			status = http.StatusOK
		}
		taken := time.Since(started)
		a.metrics.requests.WithLabelValues(route, statusClass(status)).Observe(taken.Seconds())
		a.log.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("request_id", requestID(r.Context())), slog.String("method", methodOf(r)),
			slog.String("route", route),
			slog.Int("status", status), slog.Int("bytes", wrapped.BytesWritten()), slog.Duration("taken", taken))
	})
}

// routeOf is the pattern that a request matched; there are few of them.
func routeOf(r *http.Request) string {
	if at := chi.RouteContext(r.Context()); at != nil && at.RoutePattern() != "" {
		return at.RoutePattern()
	}
	return "none"
}

// methodOf is a method of HTTP (RFC 9110, 9.3), because clients may send any word.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions,
		http.MethodPatch:
		return r.Method
	}
	return "other"
}

func statusClass(status int) string {
	return [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}[min(max(status/100, 1), 5)-1]
}

// recovered turns a panic into a logged 500, so that one request cannot end the service.
func (a *answering) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				a.log.Error("panic", "request_id", requestID(r.Context()), "route", routeOf(r), "panic", nature(p),
					"at", panicked())
				a.metrics.panics.Inc()
				http.Error(w, `{"error":{"kind":"internal"}}`, http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// nature is the part of a panic that may be logged: the text of Go's own, the type of
// others.
func nature(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

// panicked is where the current panic began: the first places after Go's own.
func panicked() string {
	const deep, shown = 32, 4
	var at [deep]uintptr
	frames := runtime.CallersFrames(at[:runtime.Callers(0, at[:])])
	var places []string
	begun := false
	for more := true; more && len(places) < shown; {
		var f runtime.Frame
		f, more = frames.Next()
		if begun && !strings.HasPrefix(f.Function, "runtime.") {
			places = append(places, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
		begun = begun || f.Function == "runtime.gopanic"
	}
	return strings.Join(places, " ← ")
}

// unsniffed makes browsers trust the Content-Type of every answer.
func unsniffed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-Content-Type-Options"] = nosniff
		next.ServeHTTP(w, r)
	})
}

// limitTime bounds a request; streams are routed around it.
func limitTime(limit time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), limit)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// Header values of answers, made once.
var (
	nosniff        = []string{"nosniff"} // of all: a browser takes none for what it does not say it is
	anyOrigin      = []string{"*"}
	exposedHeaders = []string{"ETag, X-Request-Id, X-Stale-Seconds, X-Tile-Degraded, Yizhan-Version"}
)

// public lets any page read: the routes behind it hold nothing personal and take no credentials.
func public(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Access-Control-Allow-Origin"] = anyOrigin
		h["Access-Control-Expose-Headers"] = exposedHeaders
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
			h.Set("Access-Control-Allow-Headers", "If-None-Match, Last-Event-ID")
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
