package visible_test

import (
	"encoding/json"
	"strings"
	"testing"

	"yizhan/internal/visible"
)

// nasty is a name that clears the screen, sets the title, hides its ending and forges a line.
const nasty = "站\x1b[2J\x1b]0;owned\x07\u202Egnp\u202C\u009b31m\u2066x\u2069\u200b\u00ad\ufeff\x7f\r\nyizhan: " +
	"done\x9b\U000e0041\u3164"

func TestNothingThatATerminalObeysOrHidesIsLeft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, line, lines string }{
		{"plain text", "驿站 é 🚏 a\\b", "驿站 é 🚏 a\\b", "驿站 é 🚏 a\\b"},
		{"an escape", "a\x1b[2Jb", `a\x1b[2Jb`, `a\x1b[2Jb`},
		{"a backspace and a delete", "a\bb\x7f", `a\x08b\x7f`, `a\x08b\x7f`},
		{"a control of the upper half", "a\u009b2J", `a\u009b2J`, `a\u009b2J`},
		{"a byte that is not a character", "a\x9b2J", `a\x9b2J`, `a\x9b2J`},
		{"a turn of direction", "a\u202egnp.exe\u2067", `a\u202egnp.exe\u2067`, `a\u202egnp.exe\u2067`},
		{"no width", "a\u200bb\u200dc\ufeff\u2060", `a\u200bb\u200dc\ufeff\u2060`, `a\u200bb\u200dc\ufeff\u2060`},
		{"an invisible tag", "a\U000e0041", `a\U000e0041`, `a\U000e0041`},
		{"a blank letter", "a\u3164", `a\u3164`, `a\u3164`},
		{"ends of lines", "a\nb\tc\rd\u2028", `a\nb\tc\rd\u2028`, "a\nb\tc" + `\rd\u2028`},
	} {
		if got := visible.Line(c.text); got != c.line {
			t.Errorf("%s: on one line %q, want %q", c.name, got, c.line)
		}
		if got := visible.Text(c.text); got != c.lines {
			t.Errorf("%s: on several %q, want %q", c.name, got, c.lines)
		}
	}
}

func TestAWriterShowsTheSameHoweverTheTextIsCut(t *testing.T) {
	t.Parallel()
	want := visible.Text(nasty)
	for size := 1; size < 9; size++ {
		var b strings.Builder
		w := visible.NewWriter(&b)
		for at := 0; at < len(nasty); at += size {
			part := nasty[at:min(at+size, len(nasty))]
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatalf("wrote %d of %d: %v", n, len(part), err)
			}
		}
		if b.String() != want {
			t.Errorf("in pieces of %d: %q, want %q", size, b.String(), want)
		}
	}
}

func TestJSONStaysExactAndShowsNothingHarmful(t *testing.T) {
	t.Parallel()
	in := map[string]string{"name": strings.ToValidUTF8(nasty, "?"), "nasty\u202e": "\u2028"}
	var b strings.Builder
	if err := json.NewEncoder(visible.NewJSONWriter(&b)).Encode(in); err != nil {
		t.Fatal(err)
	}
	if text := strings.TrimSuffix(b.String(), "\n"); visible.Line(text) != text {
		t.Errorf("it writes %q", text)
	}
	var out map[string]string
	if err := json.Unmarshal([]byte(b.String()), &out); err != nil {
		t.Fatal(err)
	}
	for key, value := range in {
		if out[key] != value {
			t.Errorf("%q is %q, want %q", key, out[key], value)
		}
	}
}

func TestATableIsAlignedByTheWidthOfChineseCharacters(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := visible.Table(&b, [][]string{{"图层", "n"}, {"a\x1b", "驿站"}, {"卧龙城区", "1"}})
	want := "图层      n\na\\x1b     驿站\n卧龙城区  1\n"
	if err != nil || b.String() != want {
		t.Errorf("%v, got\n%swant\n%s", err, b.String(), want)
	}
}
