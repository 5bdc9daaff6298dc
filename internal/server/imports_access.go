package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// errUnauthorized is of a request without the token.
const errUnauthorized = lang.Kind("unauthorized")

// access decides which requests may write, or read what files contain: those with the token
// and, if nobody chose one, those over the unix socket. The network address decides nothing,
// because a proxy on this machine passes on requests from anywhere.
type access struct {
	token string // "" lets nobody in who comes over the network
	local bool   // who comes over the unix socket needs no token
}

func newAccess(o Options) access {
	switch {
	case o.ImportToken != "":
		return access{token: o.ImportToken}
	case o.Local != nil:
		return access{token: o.Local.token, local: true}
	}
	return access{}
}

// ActorOf is the journal's name for a serving account, so that imports over HTTP are not
// mistaken for what its user did on the command line.
func ActorOf(account string) string {
	if account == "" {
		return ""
	}
	return "http:" + account
}

type overSocketKey struct{}

// overSocket marks what comes in by the unix socket.
func overSocket(ctx context.Context) context.Context {
	return context.WithValue(ctx, overSocketKey{}, true)
}

// admit is nil for a request that may import.
func (a access) admit(r *http.Request) error {
	if !ownOrigin(r) {
		return lang.Errorf("imports are not accepted from pages of another origin: %w", geo.ErrForbidden)
	}
	if here, _ := r.Context().Value(overSocketKey{}).(bool); here && a.local {
		return nil
	}
	if a.token == "" {
		return lang.Errorf("imports over HTTP are turned off; start the server with --run-dir or --import-token: %w",
			geo.ErrForbidden)
	}
	if !sameToken(r, a.token) {
		return lang.Errorf("send the server's token as \"Authorization: Bearer TOKEN\": %w", errUnauthorized)
	}
	return nil
}

// trusted is for addresses that write, or show what files contain.
func (i *importRoutes) trusted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := i.access.admit(r); err != nil {
			if errors.Is(err, errUnauthorized) {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			w.Header().Set("Connection", "close") // a body that nobody wants is not waited for
			i.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ownOrigin reports whether a request comes from a page of this server, or from no
// page. Browsers send Origin (Fetch, 3.2) with whatever writes, and Sec-Fetch-Site
// (Fetch Metadata, 2.4) with everything.
func ownOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	at, err := url.Parse(origins[0])
	return err == nil && len(origins) == 1 && (at.Scheme == "http" || at.Scheme == "https") &&
		strings.EqualFold(at.Host, r.Host)
}

// sameToken compares in a time that reveals neither the token nor its length.
func sameToken(r *http.Request, token string) bool {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	mine, theirs := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(strings.TrimSpace(given)))
	return subtle.ConstantTimeCompare(mine[:], theirs[:]) == 1 && strings.EqualFold(scheme, "Bearer")
}
