package sample

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The migrations say which columns a layer has and which values a column may hold; the
// sample is checked against them, not against a copy.

// column is a column of a table of 003_city.sql.
type column struct {
	required bool
	pattern  *regexp.Regexp
}

func tableColumns(t *testing.T) map[string]map[string]column {
	t.Helper()
	source, err := os.ReadFile("../../sql/migrations/003_city.sql")
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)create table \w+\.(\w+) \((.*?)\n\);`)
	line := regexp.MustCompile(`^\s+(\w+) (?:text|date|integer|double|boolean|bigint|timestamptz)`)
	check := regexp.MustCompile(` ~ '([^']+)'`)
	out := map[string]map[string]column{}
	for _, m := range table.FindAllStringSubmatch(string(source), -1) {
		columns := map[string]column{}
		for _, l := range strings.Split(m[2], "\n") {
			if strings.Contains(l, "like catalog.shared_columns") {
				for name, c := range out["shared_columns"] {
					columns[name] = c
				}
			}
			name := line.FindStringSubmatch(l)
			if name == nil || name[1] == "gid" {
				continue
			}
			c := column{required: strings.Contains(l, "not null") && !strings.Contains(l, "default")}
			if p := check.FindStringSubmatch(l); p != nil {
				c.pattern = regexp.MustCompile(p[1])
			}
			columns[name[1]] = c
		}
		out[m[1]] = columns
	}
	return out
}

func TestColumnsAreThoseOfTheTables(t *testing.T) {
	t.Parallel()
	tables := tableColumns(t)
	for _, layer := range Layers() {
		columns := tables[layer]
		if len(columns) == 0 {
			t.Fatalf("the migration has no table %s", layer)
		}
		for i, f := range features(t, layer) {
			for key, value := range f.Properties {
				c, known := columns[key]
				if !known {
					t.Fatalf("%s: there is no column %s", layer, key)
				}
				s, isText := value.(string)
				if c.pattern != nil && isText && !c.pattern.MatchString(s) {
					t.Errorf("%s %d: %s is %q, which %s refuses", layer, i, key, s, c.pattern)
				}
			}
			for key, c := range columns {
				if c.required && f.Properties[key] == nil {
					t.Errorf("%s %d: %s is missing", layer, i, key)
				}
			}
		}
	}
}

func TestValuesAreAdmissible(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../sql/migrations/004_layers.sql")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?s)catalog\.categories\('(\w+)', '(\w+)', '(\[.*?\])'\)`)
	seen := 0
	for _, m := range call.FindAllStringSubmatch(string(source), -1) {
		layer, field := m[1], m[2]
		var categories []struct{ Value string }
		if err := json.Unmarshal([]byte(m[3]), &categories); err != nil {
			t.Fatal(err)
		}
		var admissible []string
		for _, c := range categories {
			admissible = append(admissible, c.Value)
		}
		for _, f := range features(t, layer) {
			if value := text(f, field); !slices.Contains(admissible, value) {
				t.Fatalf("%s %s: %s is %q, not one of %q", layer, text(f, "code"), field, value, admissible)
			}
		}
		seen++
	}
	if seen < 15 {
		t.Errorf("only %d lists of values found in the migration", seen)
	}
}

func TestListsHoldKnownWords(t *testing.T) {
	t.Parallel()
	cases := []struct {
		layer, field string
		words        []string
	}{
		{"wall_site", "shared_use", []string{"绿地", "道路", "停车场", "卫生间", "休闲设施"}},
		{"station", "functions", []string{"用餐", "休息", "学习", "交流", "应急"}},
		{"manhole", "cover_material", []string{"球墨铸铁", "复合材料", "混凝土"}},
		{"manhole", "load_class", []string{"A15", "B125", "C250", "D400", "E600", "F900"}},
	}
	for _, c := range cases {
		for _, f := range features(t, c.layer) {
			for _, word := range strings.Split(text(f, c.field), "、") {
				if word != "" && !slices.Contains(c.words, word) {
					t.Fatalf("%s %s: %s holds %q", c.layer, text(f, "code"), c.field, word)
				}
			}
		}
	}
}

func TestCodesAreUniqueAndReferencesHold(t *testing.T) {
	t.Parallel()
	codes := map[string]map[string]bool{}
	for _, layer := range Layers() {
		codes[layer] = map[string]bool{}
		for _, f := range features(t, layer) {
			code := text(f, "code")
			if codes[layer][code] {
				t.Errorf("%s has %s twice", layer, code)
			}
			codes[layer][code] = true
		}
	}
	references := []struct{ layer, field, to string }{
		{"wall_site", "road_code", "road"},
		{"green_plot", "from_wall_site", "wall_site"},
		{"catchment", "station", "station"},
		{"organisation", "parent", "organisation"},
		{"organisation", "linked_station", "station"},
		{"member", "organisation", "organisation"},
		{"complaint", "component", "manhole"},
	}
	for _, r := range references {
		set := 0
		for _, f := range features(t, r.layer) {
			if value := text(f, r.field); value != "" {
				set++
				if !codes[r.to][value] {
					t.Errorf("%s %s: %s is %q, which no %s has", r.layer, text(f, "code"), r.field, value, r.to)
				}
			}
		}
		if set == 0 {
			t.Errorf("no %s has a %s", r.layer, r.field)
		}
	}
}
