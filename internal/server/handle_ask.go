package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/queue"
)

// askRoutes list and answer questions.
type askRoutes struct {
	*answering
	ledger  *ledger.Ledger
	turns   *queue.Queue
	sending *allowance
}

// questions lists what can be asked.
func (a *askRoutes) questions(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	leave, err := a.turns.Enter(r.Context(), clientOf(r))
	if err != nil {
		return err
	}
	found, err := a.ledger.Questions(r.Context())
	leave()
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"questions": found})
	return nil
}

// ask answers one question. Parameters are the query string; "format" (json or
// csv) or the Accept header chooses the form.
func (a *askRoutes) ask(w http.ResponseWriter, r *http.Request) error {
	given := map[string]string{}
	format := ""
	for name, values := range r.URL.Query() {
		if len(values) != 1 {
			return givenTwice(name, len(values))
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
	answer, release, err := a.answered(r, given)
	if err != nil {
		return err
	}
	defer release()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept")
	if csvWanted {
		return writeCSV(w, answer)
	}
	return writeAnswer(w, answer)
}

// Bytes of answers that are being sent at a time, to all and to one client.
const (
	sentAtOnce = 64 << 20
	sentToOne  = 32 << 20
)

// answered asks the ledger when it is the question's turn. The answer's memory stays
// reserved until release is called.
func (a *askRoutes) answered(r *http.Request,
	given map[string]string) (answer *ledger.Answer, release func(), err error) {
	client := clientOf(r)
	leave, err := a.turns.Enter(r.Context(), client)
	if err != nil {
		return nil, nil, err
	}
	defer leave()
	asking := ledger.Asking{Question: chi.URLParam(r, "question"), Given: given, Asker: "address " + client}
	if answer, err = a.ledger.Ask(r.Context(), asking); err != nil {
		return nil, nil, err
	}
	bytes := 0
	for _, row := range answer.Rows {
		bytes += len(row)
	}
	release, err = a.sending.take(client, bytes)
	return answer, release, err
}

// writeAnswer sends an answer as JSON, its rows as the ledger made them.
func writeAnswer(w http.ResponseWriter, a *ledger.Answer) error {
	head, err := json.Marshal(map[string]any{
		"question":        a.Question.Name,
		"title":           a.Question.Title,
		"parameters":      a.Parameters,
		"columns":         a.Question.Columns,
		"number_returned": len(a.Rows),
		"asked_at":        time.Now().In(geo.CityTime()).Format(time.RFC3339),
	})
	if err != nil {
		return err
	}
	length := len(head) + len(`,"rows":[]`) + max(0, len(a.Rows)-1)
	for _, row := range a.Rows {
		length += len(row)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(http.StatusOK)
	out := bufio.NewWriterSize(w, 32<<10)
	out.Write(head[:len(head)-1])
	out.WriteString(`,"rows":[`)
	for i, row := range a.Rows {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(row)
	}
	out.WriteString("]}")
	out.Flush() // what fails here means that the client has gone
	return nil
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
	return false, lang.Errorf("format=%.60q: give json or csv: %w", format, geo.ErrInvalid)
}

// writeCSV sends the answer as a file that a spreadsheet opens.
func writeCSV(w http.ResponseWriter, answer *ledger.Answer) error {
	var body bytes.Buffer
	if err := answer.CSV(&body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment",
		map[string]string{"filename": answer.Question.Name + ".csv"}))
	w.Write(body.Bytes())
	return nil
}
