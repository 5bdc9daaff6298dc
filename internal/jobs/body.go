package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Kinds of error of an upload.
var (
	ErrTooLarge   error = lang.Kind("too large")
	ErrStalled    error = lang.Kind("timeout")
	ErrClientGone error = lang.Kind("client gone")
	ErrStopping         = lang.Errorf("the server is stopping; upload the file again when it is back: %w",
		geo.ErrUnavailable)
)

// arriving is the body of an upload. It has a size limit, and is read as long as bytes keep
// arriving fast enough, regardless of the server's deadlines for other requests. Its first
// fault is kept, however its reader wraps the error.
type arriving struct {
	from     io.Reader
	control  Connection
	patience time.Duration // without a byte
	pace     Pace
	life     context.Context // of the server
	limit    int64
	read     atomic.Int64
	unwanted atomic.Bool // others want its place
	renewed  time.Time
	fault    error
}

// oftenEnough is how often the deadline of an upload is adjusted.
const oftenEnough = 100 * time.Millisecond

// Read renews the deadline now and then.
func (a *arriving) Read(b []byte) (int, error) {
	if a.fault != nil {
		return 0, a.fault
	}
	if now := time.Now(); now.Sub(a.renewed) > min(a.patience/20, oftenEnough) {
		until := a.pace.Until(a.read.Load())
		if soonest := now.Add(a.patience); soonest.Before(until) {
			until = soonest
		}
		if err := a.control.SetReadDeadline(until); err != nil {
			a.fault = lang.Errorf("upload: %w", err)
			return 0, a.fault
		}
		a.renewed = now
	}
	switch {
	case a.life.Err() != nil:
		a.fault = ErrStopping
	case a.unwanted.Load(): // after the deadline is set, which makeRoom sets once more
		a.fault = a.crowdedOut()
	}
	if a.fault != nil {
		return 0, a.fault
	}
	n, err := a.from.Read(b)
	read := a.read.Add(int64(n))
	switch {
	case read > a.limit:
		a.fault = tooLarge(a.limit)
	case errors.Is(err, os.ErrDeadlineExceeded) && a.life.Err() != nil:
		a.fault = ErrStopping
	case errors.Is(err, os.ErrDeadlineExceeded) && a.unwanted.Load():
		a.fault = a.crowdedOut()
	case errors.Is(err, os.ErrDeadlineExceeded):
		a.fault = a.late(time.Now())
	case err != nil && !errors.Is(err, io.EOF):
		a.fault = ErrClientGone
	}
	if a.fault != nil {
		return 0, a.fault
	}
	return n, err
}

// makeRoom ends an upload because others need its place.
func (a *arriving) makeRoom() {
	a.unwanted.Store(true)
	_ = soon(a.control, 0) // a connection that cannot be told has ended
}

func (a *arriving) crowdedOut() error {
	return lang.Errorf("the upload was slower than %d bytes a second while others were waiting; %s: %w",
		a.pace.Rate, otherwise(), ErrStalled)
}

// otherwise is the remedy for a slow upload.
func otherwise() lang.Label {
	return lang.Bothf("send it over a faster connection, compress it as .zip, or use the command \"yizhan import\"")
}

// late is why the server stops waiting for an upload.
func (a *arriving) late(now time.Time) error {
	more, all := a.pace.due(a.read.Load())
	switch near := now.Add(oftenEnough); {
	case near.After(all):
		return lang.Errorf("the upload took longer than %s; %s: %w", a.pace.Longest, otherwise(), ErrStalled)
	case near.After(more):
		return lang.Errorf("the upload was slower than %d bytes a second; %s: %w", a.pace.Rate, otherwise(), ErrStalled)
	}
	return lang.Errorf("the upload sent nothing for %s; send it again: %w", a.patience, ErrStalled)
}

// soon ends reads that wait for bytes, such as the server's own of the rest of a body.
func soon(control Connection, wait time.Duration) error {
	return control.SetReadDeadline(time.Now().Add(wait))
}

// tooLarge refuses a body that exceeds the limit.
func tooLarge(limit int64) error {
	return lang.Errorf(
		"an upload may have at most %d bytes; compress it as .zip, or use the command \"yizhan import\": %w",
		limit, ErrTooLarge)
}

// Connection is what sets the deadlines of a connection; [net/http.ResponseController] does.
type Connection interface {
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// LiftDeadlines removes the deadlines of a connection.
func LiftDeadlines(c Connection) error {
	return errors.Join(c.SetReadDeadline(time.Time{}), c.SetWriteDeadline(time.Time{}))
}
