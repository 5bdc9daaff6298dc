package jobs

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesOfFilesAreReduced(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"驿站.shp":                           "驿站.shp",
		"a/b/seats.dbf":                    "seats.dbf",
		`C:\survey\seats.dbf`:              "seats.dbf",
		"../../etc/passwd":                 "passwd",
		"..":                               "",
		".":                                "",
		"/":                                "",
		"":                                 "",
		" .hidden":                         "hidden",
		"two\nlines\x00.csv":               "two_lines_.csv",
		"\xd6\xdd.csv":                     "_.csv",
		strings.Repeat("站", 200) + ".xlsx": strings.Repeat("站", 65) + ".xlsx",
		strings.Repeat("a", 300):           strings.Repeat("a", 200),
	} {
		if got := baseName(given); got != want {
			t.Errorf("%q is called %q, want %q", given, got, want)
		}
	}
}

func FuzzNamesOfFilesStayInTheirFolder(f *testing.F) {
	for _, seed := range []string{"a.shp", "../a", `..\..\a`, "a/..", "a:b", "....", "\xff/\x00",
		strings.Repeat("长", 99) + "." + strings.Repeat("z", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name := baseName(given)
		if name == "" {
			return
		}
		if path := filepath.Join("/folder", name); filepath.Dir(path) != "/folder" || len(name) > maxNameBytes ||
			!utf8.ValidString(name) || strings.ContainsAny(name, "\x00/\\") {
			t.Errorf("%q is called %q", given, name)
		}
	})
}
