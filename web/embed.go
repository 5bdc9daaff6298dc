// Package web embeds the built map viewer in the binary.
//
// It only provides files: routes, headers and caching are the server's. The
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

// ErrNotBuilt reports that the binary was compiled before the viewer was built.
var ErrNotBuilt = errors.New("the viewer is not built; run make build")

// Files returns the built viewer with index.html at its root, or ErrNotBuilt
// in a binary compiled before the viewer was built.
func Files() (fs.FS, error) {
	return viewer(dist)
}

func viewer(tree fs.FS) (fs.FS, error) {
	files, err := fs.Sub(tree, "dist")
	if err != nil {
		return nil, fmt.Errorf("open dist of the viewer: %w", err)
	}
	if _, err := fs.Stat(files, "index.html"); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	} else if err != nil {
		return nil, fmt.Errorf("read index.html of the viewer: %w", err)
	}
	return files, nil
}
