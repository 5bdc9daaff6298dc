package record

import "yizhan/internal/lang"

// Fault is what is wrong with a record.
type Fault struct {
	Reason Reason
	Field  string
	Value  string // short
	Detail lang.Label
}
