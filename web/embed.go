// Package web carries the built map viewer inside the binary.
//
// It only hands out files: routes, headers and caching are the server's. The
// viewer itself is TypeScript in src/, built into dist/ by Vite.
package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the binary was compiled before the viewer was built.
var ErrNotBuilt = errors.New("web: viewer is not built, run make build")

// Files returns the built viewer with index.html at its root, or ErrNotBuilt
// in a binary compiled before the viewer was built.
func Files() (fs.FS, error) {
	return viewer(dist)
}

func viewer(tree fs.FS) (fs.FS, error) {
	files, err := fs.Sub(tree, "dist")
	if err != nil {
		return nil, fmt.Errorf("web: open dist: %w", err)
	}
	if _, err := fs.Stat(files, "index.html"); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	} else if err != nil {
		return nil, fmt.Errorf("web: look for index.html: %w", err)
	}
	return files, nil
}
