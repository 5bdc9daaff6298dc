package server

import (
	"bytes"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/internal/store"
)

// questions lists what can be asked.
func (s *Server) questions(w http.ResponseWriter, r *http.Request) error {
	found, err := s.store.Questions(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"questions": found})
	return nil
}

// ask answers one question. Parameters are the query string; "format" (json or
// csv) or the Accept header chooses the form.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) error {
	given := map[string]string{}
	format := ""
	for name, values := range r.URL.Query() {
		if len(values) != 1 {
			return fmt.Errorf("parameter %.60q is given %d times: %w", name, len(values), geo.ErrInvalid)
		}
		if name == "format" {
			format = values[0]
			continue
		}
		given[name] = values[0]
	}
	csvWanted, err := wantsCSV(format, r.Header.Get("Accept"))
	if err != nil {
		return err
	}
	answer, err := s.store.Ask(r.Context(), store.Asking{Question: chi.URLParam(r, "question"), Given: given, Asker: askerOf(r)})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept")
	if csvWanted {
		return writeCSV(w, answer)
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"question":       answer.Question.Name,
		"title":          answer.Question.Title,
		"parameters":     answer.Parameters,
		"columns":        answer.Question.Columns,
		"rows":           answer.Rows,
		"numberReturned": len(answer.Rows),
		"asked_at":       time.Now().In(geo.CityTime()).Format(time.RFC3339),
	})
	return nil
}

// askerOf is who asks, for audit and budgets: the address at the other end, since
// nobody signs in.
func askerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "local" // a unix socket has no address
	}
	return "address " + host
}

func wantsCSV(format, accept string) (bool, error) {
	switch format {
	case "csv":
		return true, nil
	case "json":
		return false, nil
	case "":
		return strings.Contains(accept, "text/csv"), nil
	}
	return false, fmt.Errorf("format %.60q: must be json or csv: %w", format, geo.ErrInvalid)
}

// writeCSV sends the answer as a file that a spreadsheet opens.
func writeCSV(w http.ResponseWriter, answer *store.Answer) error {
	var body bytes.Buffer
	if err := answer.CSV(&body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": answer.Question.Name + ".csv"}))
	w.Write(body.Bytes())
	return nil
}
