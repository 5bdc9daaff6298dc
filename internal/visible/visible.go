// Package visible makes harmless what a terminal would obey or hide: control characters,
// escapes, marks that turn the direction of writing and characters without width, which
// names of files, values and answers may hold. Each is shown as an escape such as \x1b.
//
// It is for text that people read. It does not clean data: what a machine reads stays exact.
package visible

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// blanks are letters by their class that show nothing.
var blanks = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x034F, Hi: 0x034F, Stride: 1}, {Lo: 0x115F, Hi: 0x1160, Stride: 1},
		{Lo: 0x17B4, Hi: 0x17B5, Stride: 1},
		{Lo: 0x180B, Hi: 0x180F, Stride: 1}, {Lo: 0x3164, Hi: 0x3164, Stride: 1}, {Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1}},
}

// harmful tells whether a character is obeyed or hidden by a terminal.
func harmful(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, blanks)
}

// Line is a text that stays on one line, with everything harmful made visible.
func Line(text string) string { return shown(text, false) }

// Text is a text of several lines, with everything else that is harmful made visible.
func Text(text string) string { return shown(text, true) }

func shown(text string, lines bool) string {
	if !strings.ContainsFunc(text, harmful) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case lines && (r == '\n' || r == '\t') || !harmful(r):
			b.WriteString(text[:size])
		default:
			b.WriteString(escape(r))
		}
		text = text[size:]
	}
	return b.String()
}

// escape is how a character is written in Go.
func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// inJSON writes a character as JSON does within a string.
func inJSON(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}

// Writer passes text on with everything harmful made visible, save the ends of lines.
// It is safe for concurrent use.
type Writer struct {
	mu   sync.Mutex
	to   io.Writer
	show func(string) string
	rest []byte // the beginning of a character whose end is still to come
}

// NewWriter is a Writer of text that people read.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to, show: Text} }

// NewJSONWriter is a Writer of JSON: what is harmful becomes an escape of JSON, so that
// the values stay the same. Outside of strings JSON has nothing that is harmful.
func NewJSONWriter(to io.Writer) *Writer {
	return &Writer{to: to, show: func(text string) string {
		if !strings.ContainsFunc(text, harmful) {
			return text
		}
		var b strings.Builder
		for _, r := range text {
			if r >= 0x20 && harmful(r) {
				b.WriteString(inJSON(r))
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	}}
}

// Write shows what ends with whole characters, and keeps the rest for the next call.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := append(w.rest, p...)
	whole := len(all) - unfinished(all)
	w.rest = append([]byte(nil), all[whole:]...)
	if _, err := io.WriteString(w.to, w.show(string(all[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// unfinished is how many bytes at the end begin a character without ending it.
func unfinished(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if tail := p[len(p)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
