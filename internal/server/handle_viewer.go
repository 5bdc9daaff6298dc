package server

import (
	"io"
	"net/http"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// contentPolicy lets the viewer load from this server and nowhere else.
const contentPolicy = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; " +
	"img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; object-src 'none'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// viewer hands out the built map page. Files whose names carry a hash may be kept for ever.
func (s *Server) viewer(w http.ResponseWriter, r *http.Request) error {
	if s.files == nil {
		return lang.Errorf("the viewer is not built into this binary; type \"make build\": %w", geo.ErrNotFound)
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	file, err := s.files.Open(name) // which refuses what is no plain path
	if err != nil {
		return s.noRoute(w, r)
	}
	defer file.Close()
	content, readable := file.(io.ReadSeeker)
	info, err := file.Stat()
	if err != nil || info.IsDir() || !readable {
		return s.noRoute(w, r)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, name, info.ModTime(), content) // redirects nowhere, unlike ServeFileFS
	return nil
}

func (s *Server) noRoute(w http.ResponseWriter, r *http.Request) error {
	return lang.Errorf("there is nothing at %.80q: %w", r.URL.Path, geo.ErrNotFound)
}

func (s *Server) noMethod(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Allow", "GET, HEAD")
	return errMethod
}
