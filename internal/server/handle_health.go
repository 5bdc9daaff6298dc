package server

import (
	"net/http"
	"time"
)

// healthz says that the process is alive.
func (p *presence) healthz(w http.ResponseWriter, r *http.Request) error {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

// readyz says whether tiles and answers can be relied on: the replica is loaded
// and was found equal to the ledger a moment ago.
func (p *presence) readyz(w http.ResponseWriter, r *http.Request) error {
	status := p.replica.Status()
	code, word := http.StatusOK, "ready"
	switch {
	case !status.Loaded:
		code, word = http.StatusServiceUnavailable, "loading"
	case !status.Current(time.Now()):
		code, word = http.StatusServiceUnavailable, "stale"
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, code, map[string]any{"status": word, "replica": status})
	return nil
}
