package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// Kinds of error of an upload.
var (
	errTooLarge    = errors.New("too large")
	errStalled     = errors.New("timeout")
	errUnsupported = errors.New("unsupported media type")
)

// arriving is the body of an upload: as long as it may be, and read as long as
// bytes keep coming, whatever time the server gives to other requests. Its first
// fault stays, however a reader of it wraps what it was told.
type arriving struct {
	from     io.Reader
	control  *http.ResponseController
	patience time.Duration   // without a byte
	life     context.Context // of the server
	limit    int64
	read     int64
	renewed  time.Time
	fault    error
}

// Read renews the deadline now and then.
func (a *arriving) Read(b []byte) (int, error) {
	if a.fault != nil {
		return 0, a.fault
	}
	if now := time.Now(); now.Sub(a.renewed) > a.patience/20 {
		if err := a.control.SetReadDeadline(now.Add(a.patience)); err != nil {
			a.fault = fmt.Errorf("upload: %w", err)
			return 0, a.fault
		}
		a.renewed = now
	}
	if a.life.Err() != nil {
		a.fault = errStopping
		return 0, a.fault
	}
	n, err := a.from.Read(b)
	a.read += int64(n)
	switch {
	case a.read > a.limit:
		a.fault = tooLarge(a.limit)
	case errors.Is(err, os.ErrDeadlineExceeded) && a.life.Err() != nil:
		a.fault = errStopping
	case errors.Is(err, os.ErrDeadlineExceeded):
		a.fault = fmt.Errorf("no byte of the upload came for %s; send it again: %w", a.patience, errStalled)
	case err != nil && !errors.Is(err, io.EOF):
		a.fault = errClientGone
	}
	if a.fault != nil {
		return 0, a.fault
	}
	return n, err
}

// soon ends what waits for bytes, such as the server that wants the rest of a body
// before it answers.
func soon(control *http.ResponseController, wait time.Duration) error {
	return control.SetReadDeadline(time.Now().Add(wait))
}

// tooLarge refuses a body of more bytes than are taken.
func tooLarge(limit int64) error {
	return fmt.Errorf("an upload may have %d bytes at most; pack it as .zip, or import it with the command \"yizhan import\": %w", limit, errTooLarge)
}

// unhurried lifts the server's deadlines off a request that takes as long as its
// work: expired, they would end the request or swallow its answer.
func unhurried(w http.ResponseWriter) error {
	control := http.NewResponseController(w)
	return errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Time{}))
}
