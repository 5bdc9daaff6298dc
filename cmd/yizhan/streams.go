package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"yizhan/internal/visible"
)

// What is printed passes through here: names of files, values and answers may hold what a
// terminal obeys or hides. Text for people shows it, JSON escapes it, and only CSV is exact.

func people(to *os.File) io.Writer { return visible.NewWriter(to) }
func jsonOut() io.Writer           { return visible.NewJSONWriter(os.Stdout) }
func exactOut() io.Writer          { return os.Stdout }

// say prints one line of a result.
func say(format string, args ...any) {
	fmt.Fprintln(os.Stdout, visible.Line(fmt.Sprintf(format, args...)))
}

// tell prints one line beside the result.
func tell(format string, args ...any) {
	fmt.Fprintln(os.Stderr, visible.Line(fmt.Sprintf(format, args...)))
}

// complain prints an error. Its further lines are indented, so that a name with an end of
// line in it cannot pass for another message.
func complain(err error) {
	lines := strings.ReplaceAll(strings.TrimRight(sentence(err), "\n"), "\n", "\n  ")
	fmt.Fprintln(people(os.Stderr), "yizhan:", lines)
}

// progress is a bar on standard error.
func progress(name string) *bar { return newBar(os.Stderr, visible.Line(name)) }
