package server

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// strictRefusal is the error of a file with rejected rows where all or none were wanted.
type strictRefusal struct{ report *importer.Report }

func (s *strictRefusal) Error() string {
	return fmt.Sprintf("%d of %d rows were rejected, and all or none were wanted; upload the file without strict to have them as a file", s.report.Rejected, s.report.Read)
}

func (s *strictRefusal) Unwrap() error { return merge.ErrStrict }

// reading is one way to take the numbers of a file; crs and axes are what the form takes.
type reading struct {
	CRS     string      `json:"crs"`
	Axes    crs.Axes    `json:"axes,omitempty"`
	Title   lang.Label  `json:"title"`
	Meaning lang.Label  `json:"meaning"`
	First   *[2]float64 `json:"first,omitempty"` // longitude and latitude of the first vertex
}

// particulars are what an error of imports tells beside its message.
func particulars(err error) map[string]any {
	var question *crs.Question
	var changed *merge.ChangedSince
	var overtaken *merge.Overtaken
	var strict *strictRefusal
	switch {
	case errors.As(err, &question):
		readings := []reading{}
		for _, r := range question.Readings {
			one := reading{CRS: r.System.Name, Axes: r.Axes, Title: r.System.Title, Meaning: r.Meaning}
			if r.First != ([2]float64{}) {
				one.First = &r.First
			}
			readings = append(readings, one)
		}
		return map[string]any{"label": question.Label(), "readings": readings}
	case errors.As(err, &changed):
		return map[string]any{"changed": changed, "label": lang.Label{ZH: changed.Text(lang.Chinese, 0), EN: changed.Text(lang.English, 0)}}
	case errors.As(err, &overtaken):
		return map[string]any{"changed": overtaken, "label": lang.BothOf(overtaken)}
	case errors.As(err, &strict):
		return map[string]any{"report": strict.report}
	}
	return nil
}

// outcome is what became of an import, for counting.
func outcome(err error) string {
	var question *crs.Question
	switch {
	case errors.As(err, &question):
		return "question"
	case errors.Is(err, errClientGone), errors.Is(err, errDiscarded):
		return "discarded"
	}
	return "failed"
}

// placeless is an error whose text names files without the folder of the server's
// in which they are.
type placeless struct {
	error
	dir string
}

func (p placeless) Error() string {
	return strings.ReplaceAll(p.error.Error(), filepath.Dir(p.dir)+string(filepath.Separator), "")
}

func (p placeless) Unwrap() error { return p.error }

// importView is an import as it is shown.
type importView struct {
	*merge.Preview
	Progress *progressView  `json:"progress,omitempty"`
	Error    map[string]any `json:"error,omitempty"`
}

// view adds what this server knows of an import to what the ledger has.
func (s *Server) view(ctx context.Context, p *merge.Preview) (importView, error) {
	v := importView{Preview: p}
	one := s.imports.find(p.ID)
	failure := p.Failure
	p.Failure = ""
	switch {
	case one != nil && !one.over():
		v.Progress = one.progress()
	case one != nil && one.err != nil:
		v.Error = errorBody(one.err)
	case p.State == merge.Failed:
		layer, err := s.ledger.Layer(ctx, p.Layer)
		if err != nil && !errors.Is(err, geo.ErrNotFound) {
			return v, err
		}
		v.Error = map[string]any{"kind": "failed", "message": failureText(failure, err != nil || layer.Privacy == geo.Personal)}
	}
	return v, nil
}

// failureText is what the ledger has of a failure, unless it may tell of a person.
func failureText(failure string, personal bool) string {
	switch {
	case failure == "" || failure == "interrupted" || strings.HasSuffix(failure, context.Canceled.Error()):
		return "reading was interrupted; upload the file again"
	case personal:
		return "the file could not be taken; upload it again to be told why"
	}
	return readable(errors.New(failure), geo.ErrInvalid)
}

// errorBody is an error as JSON, without the id of a request.
func errorBody(err error) map[string]any {
	_, kind, message := refusal(err)
	body := map[string]any{"kind": kind, "message": message}
	for name, value := range particulars(err) {
		body[name] = value
	}
	return body
}
