package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
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

// statusClientGone is logged when the client no longer waits for the answer.
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
	{geo.ErrGone, http.StatusGone, "gone"},
	{merge.ErrStrict, http.StatusUnprocessableEntity, "rejected"},
	{errNotAcceptable, http.StatusNotAcceptable, "not_acceptable"},
	{geo.ErrNotFound, http.StatusNotFound, "not_found"},
	{geo.ErrInvalid, http.StatusBadRequest, "invalid"},
	{geo.ErrForbidden, http.StatusForbidden, "forbidden"},
	{geo.ErrConflict, http.StatusConflict, "conflict"},
	{geo.ErrUnavailable, http.StatusServiceUnavailable, "unavailable"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "unavailable"},
}

// Kinds that only HTTP has.
const (
	errUnsupported   = lang.Kind("unsupported media type")
	errMethod        = lang.Kind("method not allowed")
	errNotAcceptable = lang.Kind("not acceptable")
)

var (
	errClientGone = jobs.ErrClientGone
	errEncodings  = lang.Errorf(
		"tiles are sent uncompressed, as gzip or as zstd, and Accept-Encoding excludes all three: %w", errNotAcceptable)
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

// answering turns handlers and their errors into answers, each with an id, a line in the
// log and its time among the metrics.
type answering struct {
	log     *slog.Logger
	ids     *ids
	metrics *metrics
}

// handler is a request handler that may fail; it must not have written when it does.
type handler func(w http.ResponseWriter, r *http.Request) error

// answer serves h and turns its error into a response. An error without a kind is
// logged once, here; the client sees only its request id.
func (a *answering) answer(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.refuse(w, r, err)
		}
	}
}

func (a *answering) refuse(w http.ResponseWriter, r *http.Request, err error) {
	// a deadline for reading ends the context too
	if r.Context().Err() != nil && !errors.Is(err, jobs.ErrStalled) && !errors.Is(err, jobs.ErrStopping) {
		err = errClientGone
	}
	status, body := errorBody(err, preferred(r))
	a.logRefusal(r, status, err)
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(secondsUntil(err)))
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept-Language")
	body["request_id"] = requestID(r.Context())
	writeJSON(w, status, map[string]any{"error": body})
}

// preferred is the language that a client reads.
func preferred(r *http.Request) lang.Tag { return lang.Accepted(r.Header.Get("Accept-Language")) }

// logRefusal logs what is the server's fault or nobody's; the client's own mistakes are
// logged for debugging. The request is identified by its route and id.
func (a *answering) logRefusal(r *http.Request, status int, err error) {
	level, what := slog.LevelDebug, "request refused"
	switch {
	case status == http.StatusServiceUnavailable:
		level, what = slog.LevelWarn, "request not served now"
	case status >= http.StatusInternalServerError:
		level, what = slog.LevelError, "request failed"
	}
	a.log.LogAttrs(r.Context(), level, what, slog.String("request_id", requestID(r.Context())),
		slog.String("route", routeOf(r)),
		slog.Int("status", status), slog.String("error", redacted(err)))
}

// refusal is how an error is answered: status, kind, and its text in both languages.
func refusal(err error) (status int, kind string, label lang.Label) {
	var question *crs.Question
	if errors.As(err, &question) {
		return http.StatusUnprocessableEntity, "question", described(err, geo.ErrInvalid)
	}
	for _, row := range refusals {
		if errors.Is(err, row.kind) {
			return row.status, row.name, described(err, row.kind)
		}
	}
	return http.StatusInternalServerError, "internal",
		lang.Bothf("internal error; the server's log has it under this request id")
}

// described is the text of an error for the asker: without its kind, and without the
// server's folders.
func described(err, kind error) lang.Label {
	text := func(t lang.Tag) string {
		return lang.Clip(strings.TrimSuffix(jobs.Pathless(t.Error(err)), ": "+kind.Error()), longestMessage)
	}
	return lang.Label{ZH: text(lang.Chinese), EN: text(lang.English)}
}

// errorBody is an error as JSON, without the id of a request: kind, message, the same in
// both languages, and what else an import tells.
func errorBody(err error, t lang.Tag) (status int, body map[string]any) {
	status, kind, label := refusal(err)
	body = map[string]any{"kind": kind, "message": label.In(t), "label": label}
	maps.Copy(body, particulars(err))
	return status, body
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
