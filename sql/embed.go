// Package sql holds every SQL statement of the service as embedded files:
// migrations (numbered and final), functions (replaced at every start),
// queries (one statement a file), gdal and gpkg (of survey files), and mbtiles (of an
// exported SQLite file). It knows nothing of how they are run.
package sql

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed bootstrap.sql setup/*.sql migrations/*.sql functions/*.sql queries/*.sql gdal/*.sql gpkg/*.sql mbtiles/*.sql
var files embed.FS

// Text is the text of an embedded file such as "queries/layers.sql" without its header
// comment. It panics where there is no such file: names of files are written in the code,
// and a test holds each to a file. Files with markers are for [Statement].
func Text(name string) string {
	text, err := read(name)
	if err != nil {
		panic(err)
	}
	return text
}

// read is the text of an embedded file without its header comment, so that what replaces
// a marker can never land in a comment.
func read(name string) (string, error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("statement %s does not exist", name)
	}
	text := string(b)
	for strings.HasPrefix(text, "--") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text, nil
}

// Migrations is the folder of numbered migrations.
func Migrations() (fs.FS, error) {
	return fs.Sub(files, "migrations")
}

// Functions lists the files of replaceable functions in the order in which they are
// installed: the questions last, whose parameters have functions for defaults.
func Functions() ([]string, error) {
	names, err := fs.Glob(files, "functions/*.sql")
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a, b))
	})
	return names, err
}

func last(name string) int {
	if strings.HasPrefix(name, "functions/ask_") {
		return 1
	}
	return 0
}
