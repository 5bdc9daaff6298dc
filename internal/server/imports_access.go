package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"yizhan/geo"
)

// errUnauthorized says nothing of what would do.
var errUnauthorized = errors.New("unauthorized")

// trusted lets those import who sit at this machine or know the server's token,
// and no page of another origin: what is behind it writes, or shows what files hold.
func (s *Server) trusted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if err := s.admit(r); err != nil {
			if errors.Is(err, errUnauthorized) {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			w.Header().Set("Connection", "close") // a body that nobody wants is not waited for
			s.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) admit(r *http.Request) error {
	if !ownOrigin(r) {
		return fmt.Errorf("imports are not taken from pages of another origin: %w", geo.ErrForbidden)
	}
	token := s.imports.options.token
	if local(r) || token != "" && sameToken(r, token) {
		return nil
	}
	if token != "" {
		return errUnauthorized
	}
	return fmt.Errorf("imports are taken from this machine only, at the name localhost: %w", geo.ErrForbidden)
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
	return err == nil && len(origins) == 1 && (at.Scheme == "http" || at.Scheme == "https") && strings.EqualFold(at.Host, r.Host)
}

// local reports whether a request was sent from this machine to a name that only
// this machine has: a name of somebody else's that leads here is rebinding. What a
// proxy passes on was not sent from here.
func local(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	switch strings.ToLower(strings.Trim(host, "[]")) {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	return false
}

// sameToken compares in a time that tells neither the token nor its length.
func sameToken(r *http.Request, token string) bool {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	mine, theirs := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(strings.TrimSpace(given)))
	return subtle.ConstantTimeCompare(mine[:], theirs[:]) == 1 && strings.EqualFold(scheme, "Bearer")
}
