package server

import (
	"encoding/json"
	"math"
	"net/http"
	"time"

	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// How often progress is told, and how often the ledger is asked for an import that
// another server reads.
const (
	progressEvery = 250 * time.Millisecond
	pollEvery     = time.Second
)

// progressView is how far an import has been read.
type progressView struct {
	Bytes    int64    `json:"bytes"`
	Total    int64    `json:"total"` // 0 when unknown
	Features int64    `json:"features"`
	Rate     float64  `json:"rows_per_second"`
	Left     *float64 `json:"seconds_left"` // until the file is read; null when unknown
}

func progressOf(one *jobs.Job) *progressView {
	at := one.Progress()
	seconds := max(time.Since(one.Began).Seconds(), 1e-3)
	v := &progressView{Bytes: at.Bytes, Total: at.Total, Features: at.Features,
		Rate: math.Round(float64(at.Features) / seconds)}
	if at.Bytes > 0 && at.Total > 0 {
		left := math.Round(10*seconds*float64(max(at.Total-at.Bytes, 0))/float64(at.Bytes)) / 10
		v.Left = &left
	}
	return v
}

// stateView ends the events of an import.
type stateView struct {
	ID    int64          `json:"id"`
	State merge.State    `json:"state"`
	Batch *int64         `json:"batch,omitempty"`
	Error map[string]any `json:"error,omitempty"`
}

// importEvents sends the progress of an import as server-sent events, and ends with its
// state when it has been read.
func (i *importRoutes) importEvents(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	if _, err := i.merge.ReadPreview(r.Context(), id); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	out := stream{writer: w, control: http.NewResponseController(w)}
	out.send("retry: %d\n\n", comeBack.Milliseconds())
	if one := i.previews.Find(id); one != nil {
		followReading(r, &out, one)
	} else {
		i.poll(r, &out, id)
	}
	if out.err != nil || r.Context().Err() != nil {
		return nil
	}
	last, err := i.stateEvent(r, id)
	if err != nil {
		i.log.Warn("the state of an import was not sent", "request_id", requestID(r.Context()), "import", id, "error",
			redacted(err))
		return nil // the client comes back
	}
	out.send("event: state\ndata: %s\n\n", last)
	return nil
}

func (i *importRoutes) stateEvent(r *http.Request, id int64) ([]byte, error) {
	p, err := i.merge.ReadPreview(r.Context(), id)
	if err != nil {
		return nil, err
	}
	v, err := i.view(r, p)
	if err != nil {
		return nil, err
	}
	return json.Marshal(stateView{p.ID, p.State, p.Batch, v.Error})
}

// followReading sends the progress of an import that this server reads, until it has been read.
func followReading(request *http.Request, out *stream, one *jobs.Job) {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	told, before := time.Time{}, progressView{Bytes: -1}
	for out.err == nil {
		select {
		case <-request.Context().Done():
			return
		case <-one.Done():
			return
		case <-tick.C:
		}
		v := *progressOf(one)
		same := v.Bytes == before.Bytes && v.Features == before.Features
		if same && time.Since(told) < keepAlive {
			continue
		}
		data, err := json.Marshal(v)
		if err != nil {
			out.err = lang.Errorf("progress: %w", err)
			return
		}
		out.send("event: progress\ndata: %s\n\n", data)
		told, before = time.Now(), v
	}
}

// poll waits for an import that another server reads.
func (i *importRoutes) poll(request *http.Request, out *stream, id int64) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	told := time.Now()
	for out.err == nil {
		p, err := i.merge.ReadPreview(request.Context(), id)
		if err != nil || p.State != merge.Reading {
			return
		}
		if time.Since(told) > keepAlive {
			out.send(": still here\n\n")
			told = time.Now()
		}
		select {
		case <-request.Context().Done():
			return
		case <-i.previews.Stopping():
			return
		case <-tick.C:
		}
	}
}
