package server

import (
	"errors"
	"io"
	"net/http"
	"os"

	"yizhan/internal/jobs"
	"yizhan/internal/lang"
)

// maxUnread is the size limit in bytes of a body that is not needed.
const maxUnread = 4 << 10

// bodiless is for all requests but uploads: they need no body, so a short one is discarded
// before the request uses any other resource.
func (a *answering) bodiless(next http.Handler) http.Handler {
	return a.answer(func(w http.ResponseWriter, r *http.Request) error {
		if r.ContentLength != 0 && !isUpload(r) {
			if err := passOver(r.Body); err != nil {
				w.Header().Set("Connection", "close")
				return err
			}
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

func isUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && (r.URL.Path == "/imports" || r.URL.Path == "/imports/")
}

func passOver(body io.Reader) error {
	n, err := io.Copy(io.Discard, io.LimitReader(body, maxUnread+1))
	switch {
	case n > maxUnread:
		return lang.Errorf("this address takes no body; send the request without one: %w", jobs.ErrTooLarge)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return lang.Errorf("the body did not arrive within %s; send the request without one: %w", readTimeout,
			jobs.ErrStalled)
	case err != nil:
		return errClientGone
	}
	return nil
}
