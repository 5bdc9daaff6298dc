package cql

import (
	"yizhan/geo"
	"yizhan/internal/lang"
)

// Error says what is wrong with a filter, and where. It is of kind geo.ErrInvalid.
type Error struct {
	Offset int // characters before the fault
	fault  error
}

func (e *Error) Error() string { return e.In(lang.English) }

// In is the error in the language.
func (e *Error) In(t lang.Tag) string {
	return t.Sayf("filter, character %d: %s", e.Offset+1, e.fault)
}

// Unwrap makes it bad input.
func (e *Error) Unwrap() error { return geo.ErrInvalid }

func wrong(at int, fault error) *Error { return &Error{Offset: at, fault: fault} }
