package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"yizhan/internal/visible"
)

// nasty clears the screen, sets the title, turns the direction of writing, hides
// characters and forges a line.
const nasty = "站\x1b[2J\x1b]0;owned\x07\u202Egnp\u009b31m\u200b\x7f\r\nyizhan: done"

// harmless fails the test when a terminal would obey or hide part of what was said.
func harmless(t *testing.T, said string) {
	t.Helper()
	if shown := visible.Text(said); shown != said {
		t.Errorf("a terminal gets %q", said)
	}
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "yizhan: done") {
			t.Errorf("a line is forged:\n%s", said)
		}
	}
}

func TestNothingPrintedIsObeyedByATerminal(t *testing.T) {
	b := openBureau(t)
	quoted, err := json.Marshal(nasty)
	if err != nil {
		t.Fatal(err)
	}
	row := `{"type":"Feature","properties":{"code":%s,"name":%[1]s,"status":%s,%[1]s:1},"geometry":{"type":"Point","coordinates":[112.5,33]}}` + "\n"
	file := b.file(t, nasty+".geojson", fmt.Sprintf(row, quoted, `"open"`)+fmt.Sprintf(row, `"B"`, quoted))
	if _, err := b.conn.Exec(t.Context(), `create function ask.nasty(what text default 'x') returns table (said text, "col`+nasty+`" text) language sql stable
		as $$ select '`+strings.ReplaceAll(nasty, "'", "''")+`', what $$; comment on function ask.nasty is 'Nasty `+nasty+`'`); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"a report", []string{"import", file, "--layer", "station"}},
		{"a preview", []string{"import", file, "--layer", "station", "--dry-run"}},
		{"a report in JSON", []string{"import", file, "--layer", "station", "--format", "json", "--rejects", "none"}},
		{"the list of imports", []string{"imports"}},
		{"the list of imports in JSON", []string{"imports", "--format", "json"}},
		{"the list of questions", []string{"ask"}},
		{"an answer", []string{"ask", "nasty"}},
		{"an answer in JSON", []string{"ask", "nasty", "--format", "json"}},
		{"a file that is not there", []string{"import", "no" + nasty, "--layer", "station"}},
		{"a layer that is not there", []string{"import", file, "--layer", nasty}},
		{"a question that is not there", []string{"ask", nasty}},
		{"a parameter without a value", []string{"ask", "nasty", nasty}},
		{"an unknown flag", []string{"ask", "--" + nasty}},
		{"an archive of a nasty name", []string{"export", "--tiles", nasty + ".pmtiles", "--layers", "station", "--zoom", "0-1"}},
		{"an undo", []string{"undo", "1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, said := b.run(t, c.args...)
			if said == "" {
				t.Error("it says nothing")
			}
			harmless(t, said)
		})
	}
	_, said := b.run(t, "ask", "nasty", "--format", "json", "--log-level", "error")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(said), &rows); err != nil || len(rows) != 1 || rows[0]["said"] != nasty {
		t.Errorf("JSON does not hold the answer exactly: %q, %v", said, err)
	}
}
