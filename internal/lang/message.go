package lang

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
)

// Kind is a kind of error, which callers look for with [errors.Is]. Readers are not
// shown it: the text before it has said the same in full.
type Kind string

func (k Kind) Error() string { return string(k) }

// message is an error that can be said in both languages.
type message struct {
	error  // in English, wrapping what [fmt.Errorf] wraps
	format string
	args   []any
}

// Errorf is [fmt.Errorf] for errors that people read: [Tag.Error] says them in Chinese
// by the catalogue's entry for the format. Kinds are wrapped at its end, ": %w".
func Errorf(format string, args ...any) error {
	if false {
		_ = fmt.Errorf(format, args...) // go vet checks callers by this
	}
	return &message{error: fmt.Errorf(format, inEnglish(args)...), format: format, args: args}
}

// inEnglish is args with labels said in English. Errors stay, so that they are wrapped.
func inEnglish(args []any) []any {
	said := slices.Clone(args)
	for i, arg := range args {
		if _, wrapped := arg.(error); wrapped {
			continue
		}
		if both, ok := arg.(interface{ In(t Tag) string }); ok {
			said[i] = both.In(English)
		}
	}
	return said
}

func (m *message) Unwrap() error { return m.error }

// In says the message without its kind.
func (m *message) In(t Tag) string {
	format, wraps := strings.CutSuffix(m.format, kindAtEnd)
	if last := len(m.args) - 1; wraps && last >= 0 {
		text := t.filled(format, m.args[:last])
		if _, kind := m.args[last].(Kind); kind {
			return text
		}
		return text + t.pattern(": ") + t.filled("%s", m.args[last:])
	}
	return t.filled(m.format, m.args)
}

// filled is a pattern of the catalogue with its parts.
func (t Tag) filled(format string, args []any) string {
	return fmt.Sprintf(strings.ReplaceAll(t.pattern(format), "%w", "%s"), t.each(args)...)
}

// kindAtEnd is how formats wrap a kind. Keys of the catalogue lack it.
const kindAtEnd = ": %w"

// Error is the text of an error in the language. What others' packages say stays in
// English, but for what the system says of files and time.
func (t Tag) Error(err error) string {
	if err == nil {
		return ""
	}
	if ours, ok := err.(interface{ In(t Tag) string }); ok {
		return ours.In(t)
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		return t.joined(several.Unwrap())
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Path + t.pattern(": ") + t.system(path.Err)
	}
	return t.system(err)
}

func (t Tag) joined(errs []error) string {
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = t.Error(err)
	}
	return strings.Join(lines, "\n")
}

// system is what the operating system or the runtime says.
func (t Tag) system(err error) string {
	for _, known := range []struct {
		err  error
		says string
	}{
		{fs.ErrNotExist, "no such file or directory"},
		{fs.ErrPermission, "permission denied"},
		{fs.ErrExist, "file exists"},
		{syscall.ENOSPC, "no space left on device"},
		{syscall.EISDIR, "is a directory"},
		{syscall.ENOTDIR, "not a directory"},
		{os.ErrDeadlineExceeded, "timed out"},
		{context.DeadlineExceeded, "timed out"},
		{context.Canceled, "cancelled"},
	} {
		if errors.Is(err, known.err) {
			return t.pattern(known.says)
		}
	}
	var kind Kind
	if errors.As(err, &kind) && err.Error() == string(kind) {
		return t.pattern(string(kind))
	}
	return err.Error()
}
