package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/live"
	"yizhan/internal/replica"
)

// maxChangesWait bounds how long /changes may wait for one.
const maxChangesWait = 30 * time.Second

// changeRoutes tell clients what changed.
type changeRoutes struct {
	*presence
	feed      *live.Feed
	missed    *live.Missed
	followers *places
}

// changesSince answers with what changed after a version, in boxes where the server
// remembers them, and waits for the first change when asked to.
func (c *changeRoutes) changesSince(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "since", "wait"); err != nil {
		return err
	}
	if _, err := c.replica.Ready(); err != nil {
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
		free, err := c.follow(clientOf(r))
		if err != nil {
			return err
		}
		defer free()
	}
	client := clientOf(r)
	told, leave := c.feed.Listen() // before looking, so that nothing falls in between
	defer leave()
	all, err := c.sinceToken(r.Context(), client, token)
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
		if all, err = c.sinceToken(r.Context(), client, token); err != nil {
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
		return 0, lang.Errorf("wait=%.20q: give whole seconds, at most %d: %w", text, int(maxChangesWait.Seconds()),
			geo.ErrInvalid)
	}
	return time.Duration(n) * time.Second, nil
}

// sinceToken is one event that stands for all since a token, once this server covers it.
func (c *changeRoutes) sinceToken(ctx context.Context, client string, t replica.Token) (live.Event, error) {
	if err := c.waitFor(ctx, client, t); err != nil {
		return live.Event{}, err
	}
	return c.missed.Since(ctx, client, t)
}
