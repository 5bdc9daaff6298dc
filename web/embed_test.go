package web

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestViewer(t *testing.T) {
	clean := fstest.MapFS{"dist/README": {}}
	if _, err := viewer(clean); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("a clean clone answers %v, want ErrNotBuilt", err)
	}

	built := fstest.MapFS{"dist/README": {}, "dist/index.html": {Data: []byte("<!doctype html>")}}
	files, err := viewer(built)
	if err != nil {
		t.Fatalf("a built viewer answers %v", err)
	}
	page, err := fs.ReadFile(files, "index.html")
	if err != nil || string(page) != "<!doctype html>" {
		t.Errorf("index.html at the root is %q, %v", page, err)
	}
}

func TestEmbeddedTreeHasADist(t *testing.T) {
	if _, err := Files(); err != nil && !errors.Is(err, ErrNotBuilt) {
		t.Errorf("the embedded tree answers %v", err)
	}
}
