package main

import (
	"regexp"
	"strings"
	"testing"
)

// sentence is English that a Chinese text must not hold: two words in a row, which no
// code, option or file name is.
var sentence = regexp.MustCompile(`[a-z]{2,} [a-z]{3,}`)

// typed is what stays English in any language: commands to type, and names of systems.
var typed = regexp.MustCompile(`yizhan [a-z]+( [a-z]+)?|--[a-z-]+ [a-z0-9]+`)

func TestWithAChineseTerminalNothingIsInEnglish(t *testing.T) {
	t.Parallel()
	b := openBureau(t)
	good := b.file(t, "驿站.csv", "code,status,lon,lat\nS1,open,112.53,33\nS2,open,112.54,33\n")
	moved := b.file(t, "moved.csv", "code,status,lon,lat\nS1,open,112.55,33\n")
	bad := b.file(t, "bad.csv", "code,status,lon,lat\nS3,torn,112.53,33\nS4,open,?,33\n")
	persons := b.file(t, "persons.csv", "code,name,联系人,lon,lat\nB1,椅,王小明,112.53,33\n")
	bare := b.file(t, "bare.csv", "code,status,x,y\nS1,open,38500000,3650000\n")
	b.file(t, "notes.doc", "not a table")
	for _, c := range []struct {
		name string
		args []string
		code int
	}{
		{"an import", []string{"import", good, "--layer", "station", "--crs", "wgs84"}, 0},
		{"a later one", []string{"import", moved, "--layer", "station", "--crs", "wgs84"}, 0},
		{"a dry run", []string{"import", good, "--layer", "station", "--crs", "wgs84", "--dry-run"}, 0},
		{"every row rejected", []string{"import", bad, "--layer", "station", "--crs", "wgs84"}, 2},
		{"strict", []string{"import", bad, "--layer", "station", "--crs", "wgs84", "--strict"}, 2},
		{"a question about coordinates", []string{"import", bare, "--layer", "station"}, 2},
		{"a question about persons", []string{"import", persons, "--create", "bench", "--crs", "wgs84"}, 2},
		{"no layer", []string{"import", good}, 2},
		{"an unknown layer", []string{"import", good, "--layer", "stattion"}, 3},
		{"a file that is not there", []string{"import", "none.csv", "--layer", "station"}, 3},
		{"a format that is not read", []string{"import", "notes.doc", "--layer", "station"}, 2},
		{"the list", []string{"imports"}, 0},
		{"an undo that would lose a change", []string{"undo", "1"}, 5},
		{"an undo", []string{"undo", "2"}, 0},
		{"an unknown batch", []string{"undo", "99"}, 3},
		{"a purge", []string{"purge", "--layer", "station", "--key", "S1"}, 0},
		{"nothing to purge", []string{"purge", "--layer", "station", "--key", "S9"}, 0},
		{"an undo twice", []string{"undo", "2"}, 5},
		{"nothing expired", []string{"expire"}, 0},
		{"stations", []string{"station", "list"}, 0},
		{"an unknown station", []string{"station", "confirm", "S9"}, 3},
		{"an export", []string{"export", "--tiles", "a.pmtiles", "--layers", "station", "--zoom", "0-2"}, 0},
		{"a zoom that is none", []string{"export", "--tiles", "a.pmtiles", "--zoom", "x"}, 2},
		{"an unknown question", []string{"ask", "members_wthin"}, 3},
		{"a missing parameter", []string{"ask", "members_within"}, 2},
		{"an unknown parameter", []string{"ask", "members_within", "statin=S1"}, 2},
		{"a value that does not fit", []string{"ask", "members_within", "station=S1", "radius_m=far"}, 2},
		{"an unknown flag", []string{"imports", "--layr"}, 2},
	} {
		code, said := b.run(t, append(c.args, "--lang", "zh", "--log-level", "error")...)
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", c.name, code, c.code, said)
		}
		for line := range strings.Lines(said) {
			if found := sentence.FindString(typed.ReplaceAllString(line, "")); found != "" {
				t.Errorf("%s: %q is English: %s", c.name, found, line)
			}
		}
	}
}
