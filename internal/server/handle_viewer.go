package server

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"yizhan/geo"
)

// contentPolicy lets the viewer load from this server and nowhere else.
const contentPolicy = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; " +
	"img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; object-src 'none'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// viewer hands out the built map page. Files whose names carry a hash may be kept for ever.
func (s *Server) viewer(w http.ResponseWriter, r *http.Request) error {
	if s.files == nil {
		return fmt.Errorf("the viewer is not built into this binary; type \"make build\": %w", geo.ErrNotFound)
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	if info, err := fs.Stat(s.files, name); err != nil || info.IsDir() {
		return fmt.Errorf("there is nothing at %.80q: %w", r.URL.Path, geo.ErrNotFound)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeFileFS(w, r, s.files, name)
	return nil
}

func (s *Server) noRoute(w http.ResponseWriter, r *http.Request) error {
	return fmt.Errorf("there is nothing at %.80q: %w", r.URL.Path, geo.ErrNotFound)
}

func (s *Server) noMethod(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Allow", "GET, HEAD")
	return errMethod
}
