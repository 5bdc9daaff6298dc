package server

import (
	"io"
	"io/fs"
	"net/http"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// contentPolicy lets the viewer load from this server and nowhere else.
const contentPolicy = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; " +
	"img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; object-src 'none'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// viewerRoute serves the built map page.
type viewerRoute struct{ files fs.FS }

// page serves the page and its files. Files with a hash in their name may be cached forever.
func (v *viewerRoute) page(w http.ResponseWriter, r *http.Request) error {
	if v.files == nil {
		return lang.Errorf("this binary was built without the viewer; run \"make build\": %w", geo.ErrNotFound)
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	file, err := v.files.Open(name) // which refuses other than plain paths
	if err != nil {
		return noRoute(w, r)
	}
	defer file.Close()
	content, readable := file.(io.ReadSeeker)
	info, err := file.Stat()
	if err != nil || info.IsDir() || !readable {
		return noRoute(w, r)
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

func noRoute(w http.ResponseWriter, r *http.Request) error {
	return lang.Errorf("address %.80q not found: %w", r.URL.Path, geo.ErrNotFound)
}

func noMethod(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Allow", "GET, HEAD")
	return lang.Errorf("this address accepts GET and HEAD only: %w", errMethod)
}
