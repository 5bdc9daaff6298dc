package cql

import (
	"fmt"

	"yizhan/geo"
)

// Error says what is wrong with a filter, and where. It is of kind geo.ErrInvalid.
type Error struct {
	Offset  int // characters before the place
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("filter, character %d: %s", e.Offset+1, e.Message)
}

// Unwrap makes it bad input.
func (e *Error) Unwrap() error { return geo.ErrInvalid }

func wrong(at int, format string, a ...any) *Error {
	return &Error{Offset: at, Message: fmt.Sprintf(format, a...)}
}
