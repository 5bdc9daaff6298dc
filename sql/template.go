package sql

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// marker is a name that stands for something in a statement: {owner}.
var marker = regexp.MustCompile(`\{[a-z][a-z_]*\}`)

// Fill is the text of an embedded file with its markers replaced. What replaces them is
// SQL: identifiers and literals must be quoted already. A marker that is not given, or
// one given that the file does not have, is an error.
func Fill(name string, given map[string]string) (string, error) {
	text := Text(name)
	if text == "" {
		return "", fmt.Errorf("statement %s does not exist", name)
	}
	var missing []string
	used := map[string]bool{}
	filled := marker.ReplaceAllStringFunc(text, func(found string) string {
		what := strings.Trim(found, "{}")
		value, known := given[what]
		if !known {
			missing = append(missing, what)
		}
		used[what] = true
		return value
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("statement %s needs {%s}", name, strings.Join(missing, "}, {"))
	}
	for what := range given {
		if !used[what] {
			return "", fmt.Errorf("statement %s has no marker {%s}; it has %s", name, what, slices.Sorted(maps.Keys(used)))
		}
	}
	return filled, nil
}
