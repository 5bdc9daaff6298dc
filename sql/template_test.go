package sql_test

import (
	"strings"
	"testing"

	"yizhan/sql"
)

func TestAStatementIsFilledOrRefused(t *testing.T) {
	layer := sql.Words{"layer": `"city"."bench"`, "id": `"gid"`, "geom": `"geom"`, "key": `"code"`}
	for _, c := range []struct {
		name, file   string
		given        sql.Words
		vocabularies []sql.Words
		want, fault  string
	}{
		{"all given", "queries/import_analyze.sql", sql.Words{"layer": `"city"."bench"`}, nil, "analyze \"city\".\"bench\"\n", ""},
		{"a vocabulary that knows more", "queries/import_analyze.sql", nil, []sql.Words{{"x": "y"}, layer}, "analyze \"city\".\"bench\"\n", ""},
		{"what is given goes first", "queries/import_analyze.sql", sql.Words{"layer": "t"}, []sql.Words{layer}, "analyze t\n", ""},
		{"a marker that nobody knows", "queries/import_analyze.sql", nil, []sql.Words{{"id": "gid"}}, "", "needs {layer}"},
		{"a word without a marker", "queries/import_analyze.sql", sql.Words{"layer": "t", "key": "k"}, nil, "", "no marker {key}; it has [layer]"},
		{"no such file", "queries/none.sql", nil, nil, "", "queries/none.sql does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := sql.Fill(c.file, c.given, c.vocabularies...)
			if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%q, %v; want %q, %q", got, err, c.want, c.fault)
			}
		})
	}
}

func TestAStatementThatCannotBeFilledStopsTheProgram(t *testing.T) {
	for name, fill := range map[string]func(){
		"no such file": func() { sql.Text("queries/none.sql") },
		"no word":      func() { sql.Statement("queries/import_analyze.sql", nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			fill()
		}()
	}
}
