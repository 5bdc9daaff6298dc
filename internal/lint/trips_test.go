package lint

import (
	"fmt"
	"slices"
	"strings"
)

// tripsPage draws the trips of data in the block below tripsTitle.
const (
	tripsPage  = "docs/architecture.md"
	tripsTitle = "## Trips\n"
	arrow      = " → "
)

// abroad are stops of a trip that are not packages.
var abroad = []string{"PostgreSQL", "journal"}

// brokenTrips finds arrows between packages of which the first does not import the second.
func brokenTrips(t tree) (faults []string) {
	imported := map[string][]string{}
	for _, f := range t.golang() {
		if !f.isTest() {
			f.imports(func(path, _ string) { imported[f.folder()] = append(imported[f.folder()], path) })
		}
	}
	for _, f := range t {
		_, trips, found := strings.Cut(f.text, tripsTitle)
		if f.path != tripsPage || !found {
			continue
		}
		for _, line := range strings.Split(block(trips), "\n") {
			stops := strings.Split(line, arrow)
			if len(stops) < 2 {
				continue
			}
			words := strings.Fields(stops[0])
			stops[0] = words[len(words)-1]
			for n, to := range stops[1:] {
				if from := stops[n]; !slices.Contains(abroad, from) && !slices.Contains(imported[from], module+to) {
					faults = append(faults, fmt.Sprintf("%s: %q: %s does not import %s", f.path, line, from, to))
				}
			}
		}
	}
	return faults
}

// block is the first fenced block of a text.
func block(text string) string {
	_, after, _ := strings.Cut(text, "```\n")
	inside, _, _ := strings.Cut(after, "```")
	return inside
}
