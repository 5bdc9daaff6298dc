package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/queue"
)

// statusClientGone is what is logged when nobody waits for the answer any more.
const statusClientGone = 499

// refusals turns kinds of error into answers, in this order.
var refusals = []struct {
	kind   error
	status int
	name   string
}{
	{errClientGone, statusClientGone, "client_gone"},
	{errMethod, http.StatusMethodNotAllowed, "method_not_allowed"},
	{errUnauthorized, http.StatusUnauthorized, "unauthorized"},
	{jobs.ErrTooLarge, http.StatusRequestEntityTooLarge, "too_large"},
	{errUnsupported, http.StatusUnsupportedMediaType, "unsupported_media_type"},
	{ledger.ErrBudget, http.StatusTooManyRequests, "budget"},
	{jobs.ErrStalled, http.StatusRequestTimeout, "timeout"},
	{errTooMany, http.StatusTooManyRequests, "too_many_requests"},
	{errGone, http.StatusGone, "gone"},
	{merge.ErrStrict, http.StatusUnprocessableEntity, "rejected"},
	{errNotAcceptable, http.StatusNotAcceptable, "not_acceptable"},
	{geo.ErrNotFound, http.StatusNotFound, "not_found"},
	{geo.ErrInvalid, http.StatusBadRequest, "invalid"},
	{geo.ErrForbidden, http.StatusForbidden, "forbidden"},
	{geo.ErrConflict, http.StatusConflict, "conflict"},
	{geo.ErrUnavailable, http.StatusServiceUnavailable, "unavailable"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "unavailable"},
}

var (
	errClientGone    = jobs.ErrClientGone
	errUnsupported   = errors.New("unsupported media type")
	errMethod        = errors.New("this address takes GET and HEAD")
	errNotAcceptable = errors.New("tiles are sent as they are, as gzip or as zstd, and Accept-Encoding excludes all three")
)

// retryAfter is how many seconds a client waits after a 503 that says nothing else.
const retryAfter = 2

func secondsUntil(err error) int {
	var refused *queue.Refused
	if errors.As(err, &refused) {
		return refused.Seconds()
	}
	return retryAfter
}

// handler is a request handler that may fail; it must not have written when it does.
type handler func(w http.ResponseWriter, r *http.Request) error

// answer serves h and turns its error into a response. What has no kind is
// logged once, here, and shown as nothing but its request id.
func (s *Server) answer(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.refuse(w, r, err)
		}
	}
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && !errors.Is(err, jobs.ErrStalled) && !errors.Is(err, jobs.ErrStopping) { // a deadline for reading ends the context too
		err = errClientGone
	}
	status, kind, message := refusal(err)
	id := requestID(r.Context())
	s.logRefusal(r, status, err)
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(secondsUntil(err)))
	}
	w.Header().Set("Cache-Control", "no-store")
	body := particulars(err)
	if body == nil {
		body = map[string]any{}
	}
	body["kind"], body["message"], body["request_id"] = kind, message, id
	writeJSON(w, status, map[string]any{"error": body})
}

// logRefusal tells of what is our fault, and of what is nobody's who asks; what the client
// did is for debugging. The request is known by its route and id.
func (s *Server) logRefusal(r *http.Request, status int, err error) {
	level, what := slog.LevelDebug, "request refused"
	switch {
	case status == http.StatusServiceUnavailable:
		level, what = slog.LevelWarn, "request not served now"
	case status >= http.StatusInternalServerError:
		level, what = slog.LevelError, "request failed"
	}
	s.log.LogAttrs(r.Context(), level, what, slog.String("request_id", requestID(r.Context())), slog.String("route", routeOf(r)),
		slog.Int("status", status), slog.String("error", hushed(err)))
}

// refusal is how an error is answered.
func refusal(err error) (status int, kind, message string) {
	var question *crs.Question
	if errors.As(err, &question) {
		return http.StatusUnprocessableEntity, "question", readable(err, geo.ErrInvalid)
	}
	for _, row := range refusals {
		if errors.Is(err, row.kind) {
			return row.status, row.name, readable(err, row.kind)
		}
	}
	return http.StatusInternalServerError, "internal", "something went wrong here; the log has it under the request id"
}

// readable is the text of an error for the asker: without the trailing name of its kind.
func readable(err, kind error) string {
	message := strings.TrimSuffix(jobs.Pathless(err.Error()), ": "+kind.Error())
	return lang.Clip(message, longestMessage)
}

// longestMessage is how many characters an error may have, whatever it quotes.
const longestMessage = 2000

// writeJSON sends a value as JSON. Values are ours and marshal; a failure to
// send means that the client has gone.
func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"kind":"internal"}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}
