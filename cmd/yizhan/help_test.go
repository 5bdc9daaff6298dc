package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"yizhan/internal/lang"
)

var update = flag.Bool("update", false, "write the golden files")

// helpOf is what a command prints with --help.
func helpOf(t *testing.T, tag lang.Tag, args ...string) string {
	t.Helper()
	for name, value := range map[string]string{"HOME": "/home/surveyor", "XDG_STATE_HOME": "", "XDG_RUNTIME_DIR": "/run/user/1000"} {
		t.Setenv(name, value)
	}
	var out bytes.Buffer
	parser, err := newParser(&commands{}, terminal{tag})
	if err != nil {
		t.Fatal(err)
	}
	parser.Stdout = &out
	parser.Exit = func(int) { panic("exit") }
	func() {
		defer func() { _ = recover() }()
		_, err = parser.Parse(append(args, "--help"))
	}()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), "/var/lib/yizhan", "/home/surveyor/.local/state/yizhan")
}

func TestHelpIsThatOfTheGoldenFiles(t *testing.T) {
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		for _, command := range []string{"", "import", "export", "station confirm"} {
			name := strings.ReplaceAll("yizhan "+command, " ", "-")
			path := filepath.Join("testdata", "help", strings.TrimSuffix(name, "-")+"."+string(tag)+".txt")
			got := helpOf(t, tag, strings.Fields(command)...)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got, go test -update writes it):\n%s", path, diff)
			}
		}
	}
}

// TestAllHelpIsInTheReadersLanguage holds every text of every command, and the width of every line.
func TestAllHelpIsInTheReadersLanguage(t *testing.T) {
	chinese := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	parser, err := newParser(&commands{}, terminal{lang.Chinese})
	if err != nil {
		t.Fatal(err)
	}
	check := func(of, text string) {
		if text != "" && !chinese(text) {
			t.Errorf("%s has no Chinese help: %q", of, text)
		}
	}
	var leaves []string
	err = kong.Visit(parser.Model.Node, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Node:
			check(v.FullPath(), v.Help)
			check(v.FullPath(), v.Detail)
			if v.Leaf() {
				leaves = append(leaves, strings.TrimPrefix(v.FullPath(), "yizhan "))
			}
		case *kong.Flag:
			check("--"+v.Name, v.Help)
		case *kong.Value:
			check(v.Name, v.Help)
		}
		return next(nil)
	})
	if err != nil || len(leaves) < 10 {
		t.Fatalf("%d commands, %v", len(leaves), err)
	}
	for _, command := range leaves {
		for line := range strings.Lines(helpOf(t, lang.Chinese, strings.Fields(command)...)) {
			if width := runewidth.StringWidth(strings.TrimRight(line, "\n")); width > mostColumns {
				t.Errorf("%s: a line of help is %d columns wide: %s", command, width, line)
			}
		}
	}
}

func TestHelpBreaksLinesWhereTheLanguageAllows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"", 10, []string{""}},
		{"rejected rows are listed", 13, []string{"rejected rows", "are listed"}},
		{"退回的记录逐条列出。", 10, []string{"退回的记录", "逐条列出。"}},
		{"退回的记录。", 10, []string{"退回的记", "录。"}}, // a full stop never begins a line
		{"用 --lang 选择", 9, []string{"用 --lang", "选择"}},
	} {
		if got := wrapped(c.text, c.columns); !cmp.Equal(got, c.want) {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}
