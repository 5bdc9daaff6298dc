package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"yizhan/internal/lang"
	"yizhan/internal/visible"
)

// What is printed passes through here: names of files, values and answers may hold what a
// terminal obeys or hides. Text for people shows it, JSON escapes it, and only CSV is exact.

func people(to *os.File) io.Writer { return visible.NewWriter(to) }
func jsonOut() io.Writer           { return visible.NewJSONWriter(os.Stdout) }
func exactOut() io.Writer          { return os.Stdout }

// Columns of a terminal: those of one whose width is not known, and the fewest to reckon with.
const (
	usualColumns  = 80
	fewestColumns = 60
)

// columns is how wide standard output is.
func columns() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return usualColumns
	}
	return max(width, fewestColumns)
}

// terminal is whoever typed the command, in their language.
type terminal struct{ lang.Tag }

// sayf prints one line of a result.
func (t terminal) sayf(format string, args ...any) { say(t.Sayf(format, args...)) }

// tellf prints one line beside the result.
func (t terminal) tellf(format string, args ...any) { tell(t.Sayf(format, args...)) }

// complain prints an error. Its further lines are indented, so that a name with an end of
// line in it cannot pass for another message.
func (t terminal) complain(err error) {
	lines := strings.ReplaceAll(strings.TrimRight(t.Error(err), "\n"), "\n", "\n  ")
	fmt.Fprintln(people(os.Stderr), t.Sayf("yizhan: %s", lines))
}

// progress is a bar on standard error.
func (t terminal) progress(name string) *bar { return newBar(os.Stderr, visible.Line(name), t) }

// say prints one line of a result that has no words of ours, and tell one beside it.
func say(line string)  { fmt.Fprintln(os.Stdout, visible.Line(line)) }
func tell(line string) { fmt.Fprintln(os.Stderr, visible.Line(line)) }
