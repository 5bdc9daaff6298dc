package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// reading is one way to interpret the numbers of a file; crs and axes are values for the form.
type reading struct {
	CRS     string      `json:"crs"`
	Axes    crs.Axes    `json:"axes,omitempty"`
	Title   lang.Label  `json:"title"`
	Meaning lang.Label  `json:"meaning"`
	First   *[2]float64 `json:"first,omitempty"` // longitude and latitude of the first vertex
}

// particulars are what an error of imports has besides its message.
func particulars(err error) map[string]any {
	var question *crs.Question
	var changed *merge.ChangedSince
	var overtaken *merge.Overtaken
	var strict *jobs.StrictRefusal
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
		label := lang.Label{ZH: changed.Text(lang.Chinese, 0), EN: changed.Text(lang.English, 0)}
		return map[string]any{"changed": changed, "label": label}
	case errors.As(err, &overtaken):
		return map[string]any{"changed": overtaken, "label": lang.BothOf(overtaken)}
	case errors.As(err, &strict):
		return map[string]any{"report": strict.Report}
	}
	return nil
}

// importView is an import as it is shown.
type importView struct {
	*merge.Preview
	Progress *progressView  `json:"progress,omitempty"`
	Error    map[string]any `json:"error,omitempty"`
}

// view adds what this server knows of an import to what the ledger has.
func (i *importRoutes) view(r *http.Request, p *merge.Preview) (importView, error) {
	v := importView{Preview: p}
	one := i.previews.Find(p.ID)
	switch {
	case one != nil && !one.Over():
		v.Progress = progressOf(one)
	case one != nil && one.Err() != nil:
		_, v.Error = errorBody(one.Err(), preferred(r))
	case p.State == merge.Failed:
		layer, err := i.ledger.Layer(r.Context(), p.Layer)
		if err != nil && !errors.Is(err, geo.ErrNotFound) {
			return v, err
		}
		label := failureText(p.Failure, err != nil || layer.Privacy == geo.Personal)
		v.Error = map[string]any{"kind": "failed", "message": label.In(preferred(r)), "label": label}
	}
	return v, nil
}

// failureText is what the ledger has of a failure, unless it may tell of a person.
func failureText(failure lang.Label, personal bool) lang.Label {
	switch {
	case failure.EN == "" || failure.EN == "interrupted" ||
		strings.HasSuffix(failure.EN, lang.English.Error(context.Canceled)) ||
		strings.HasSuffix(failure.EN, context.Canceled.Error()): // as releases before wrote it
		return lang.Bothf("reading was interrupted; upload the file again")
	case personal:
		return lang.Bothf("the file was not accepted; upload it again to see why")
	}
	clipped := func(text string) string { return lang.Clip(jobs.Pathless(text), longestMessage) }
	return lang.Label{ZH: clipped(failure.ZH), EN: clipped(failure.EN)}
}
