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

// Words are what the markers of a statement stand for. They are SQL: identifiers and
// literals in them must be quoted already.
type Words map[string]string

// Fill is the text of an embedded file with its markers replaced by the words given, or
// else by words of the vocabularies, which know more than one statement needs. A marker
// that none of them has, or a word given that the file has no marker for, is an error.
func Fill(name string, given Words, vocabularies ...Words) (string, error) {
	text, err := read(name)
	if err != nil {
		return "", err
	}
	var missing []string
	used := map[string]bool{}
	filled := marker.ReplaceAllStringFunc(text, func(found string) string {
		what := strings.Trim(found, "{}")
		used[what] = true
		for _, words := range append([]Words{given}, vocabularies...) {
			if value, known := words[what]; known {
				return value
			}
		}
		missing = append(missing, what)
		return found
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

// Statement is [Fill] for files that are named in the code. It panics where Fill has an
// error, as regexp.MustCompile does: which markers a file has and which words it is given
// depends on the program alone.
func Statement(name string, given Words, vocabularies ...Words) string {
	filled, err := Fill(name, given, vocabularies...)
	if err != nil {
		panic(err)
	}
	return filled
}
