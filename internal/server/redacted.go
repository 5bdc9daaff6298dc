package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// plain are errors whose text contains nothing from a request or a row.
var plain = []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, os.ErrDeadlineExceeded}

// redacted is the part of an error that may be logged: its kind, its SQLSTATE, the message of
// the operating system and its Go type. Its text may contain values from a request, which
// are private and of any length.
func redacted(err error) string {
	var parts []string
	for _, row := range refusals {
		if errors.Is(err, row.kind) {
			parts = append(parts, row.name)
			break
		}
	}
	var answer interface{ SQLState() string }
	if errors.As(err, &answer) {
		parts = append(parts, "SQLSTATE "+answer.SQLState())
	}
	var system syscall.Errno
	if errors.As(err, &system) {
		parts = append(parts, system.Error())
	}
	for _, known := range plain {
		if errors.Is(err, known) {
			parts = append(parts, known.Error())
		}
	}
	for next := err; next != nil; next = cause(next) {
		err = next
	}
	return strings.Join(append(parts, fmt.Sprintf("%T", err)), ", ")
}

// cause is what an error wraps: of several, the last.
func cause(err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok && len(several.Unwrap()) > 0 {
		return several.Unwrap()[len(several.Unwrap())-1]
	}
	return errors.Unwrap(err)
}
