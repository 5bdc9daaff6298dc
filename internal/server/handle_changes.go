package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/replica"
)

// maxChangesWait bounds how long /changes may wait for one.
const maxChangesWait = 30 * time.Second

// changesSince answers with what changed after a version, in boxes where the server
// remembers them, and waits for the first change when asked to.
func (s *Server) changesSince(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "since", "wait"); err != nil {
		return err
	}
	if _, err := s.replica.Ready(); err != nil {
		return err
	}
	token, err := replica.ParseToken(r.URL.Query().Get("since"))
	if err != nil {
		return err
	}
	wait, err := readWait(r.URL.Query().Get("wait"))
	if err != nil {
		return err
	}
	if wait > 0 {
		free, err := s.follow(clientOf(r))
		if err != nil {
			return err
		}
		defer free()
	}
	client := clientOf(r)
	told, leave := s.feed.Listen() // before looking, so that nothing falls in between
	defer leave()
	all, err := s.missed(r.Context(), client, token)
	if err != nil {
		return err
	}
	if len(all.Ground) == 0 && !all.Catalog && wait > 0 {
		select {
		case <-told:
		case <-time.After(wait):
		case <-r.Context().Done():
			return errClientGone
		}
		if all, err = s.missed(r.Context(), client, token); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set(versionHeader, all.Version.String())
	writeJSON(w, http.StatusOK, all.Changes())
	return nil
}

// versionHeader of an answer is the version that it stands for.
const versionHeader = "Yizhan-Version"

// readWait reads whole seconds.
func readWait(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || time.Duration(n)*time.Second > maxChangesWait {
		return 0, lang.Errorf("wait %.20q: must be whole seconds, at most %d: %w", text, int(maxChangesWait.Seconds()), geo.ErrInvalid)
	}
	return time.Duration(n) * time.Second, nil
}

// waitFor returns when this server has all that the token stands for; only so many wait
// at a time.
func (s *Server) waitFor(ctx context.Context, client string, t replica.Token) error {
	if s.replica.Version().Covers(t) {
		return nil
	}
	leave, err := s.turns.versions.Enter(ctx, client)
	if err != nil {
		return err
	}
	defer leave()
	return s.replica.WaitFor(ctx, t)
}

// notOlder is for addresses that show features: with ?at=TOKEN the request goes on
// when this server has all that the token stands for, whichever server gave it.
func (s *Server) notOlder(next http.Handler) http.Handler {
	return s.answer(func(w http.ResponseWriter, r *http.Request) error {
		query := r.URL.Query()
		if !query.Has("at") {
			next.ServeHTTP(w, r)
			return nil
		}
		if _, err := s.replica.Ready(); err != nil {
			return err
		}
		if n := len(query["at"]); n > 1 {
			return lang.Errorf("parameter \"at\" is given %d times: %w", n, geo.ErrInvalid)
		}
		token, err := replica.ParseToken(query.Get("at"))
		if err != nil {
			return err
		}
		if err := s.waitFor(r.Context(), clientOf(r), token); err != nil {
			return err
		}
		query.Del("at")
		plain := r.Clone(r.Context())
		plain.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, plain)
		return nil
	})
}
