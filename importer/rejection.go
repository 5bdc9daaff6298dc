package importer

import (
	"slices"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Rejection is one row that was not imported, and why. Of a personal layer it has
// neither key nor value.
type Rejection struct {
	Position int64         `json:"position"` // 1 for the first feature of the file
	Offset   int64         `json:"offset"`   // of its first byte in the unpacked file
	Key      string        `json:"key,omitempty"`
	Field    string        `json:"field,omitempty"`
	Value    string        `json:"value,omitempty"`
	Reason   record.Reason `json:"reason"`
	Detail   lang.Label    `json:"detail,omitzero"`
	// Predicate: the detail completes "the value is": "not a number".
	Predicate bool `json:"predicate,omitempty"`

	key    string // whole
	quotes bool   // the detail repeats the value
}

// Cause is how many features were rejected for one reason, by field.
type Cause struct {
	Reason   record.Reason `json:"reason"`
	Field    string        `json:"field,omitempty"`
	Features int64         `json:"features"`
	Advice
}

// maxListed is how many rejections a report lists, the first of the file; all are counted.
const maxListed = 1000

// maxRefused is how many positions of rejected features are kept, for the file of them.
const maxRefused = 2_000_000

// Refused is a rejected feature and why, by the number of its cause.
type Refused struct {
	Position int64
	Cause    int32
	Key      string // whole; "" where it is not known
}

// Reject counts a rejection and lists it if it is one of the first of the file.
// For a personal layer it first takes out what could tell of a person.
func (r *Report) Reject(one Rejection) {
	key := one.key
	if key == "" {
		key = one.Key
	}
	one.key = ""
	if slices.Contains(r.private, one.Field) {
		one.hideValue()
	}
	if r.personal {
		one.Key = ""
		one.hideValue()
		if one.Reason == record.InvalidShape || one.Reason == record.NearDuplicate {
			one.Detail = lang.Label{} // it names a place
		}
	}
	one.quotes = false
	r.Rejected++
	r.Reasons[one.Reason]++
	if cause := r.count(one); len(r.Refused) < maxRefused {
		r.Refused = append(r.Refused, Refused{one.Position, cause, key})
	}
	at := len(r.Listed)
	for at > 0 && r.Listed[at-1].Position > one.Position {
		at--
	}
	if at == maxListed {
		return
	}
	r.Listed = slices.Insert(r.Listed, at, one)
	r.Listed = r.Listed[:min(len(r.Listed), maxListed)]
}

// hideValue removes the value, also from the detail.
func (one *Rejection) hideValue() {
	one.Value = ""
	if one.quotes {
		one.Detail = lang.Label{}
	}
}

// maxRepairs is how many repairs a report lists; all are counted.
const maxRepairs = 100

// Repair counts a geometry that was repaired, and lists the first of them.
func (r *Report) Repair(one Rejection) {
	r.Repaired++
	if r.personal {
		one.Key, one.Value, one.Detail = "", "", lang.Label{}
	}
	if len(r.Repairs) < maxRepairs {
		r.Repairs = append(r.Repairs, one)
	}
}

// count books a rejection under its cause, and returns the cause's number.
func (r *Report) count(one Rejection) int32 {
	for i := range r.Causes {
		if r.Causes[i].Reason == one.Reason && r.Causes[i].Field == one.Field {
			r.Causes[i].Features++
			return int32(i)
		}
	}
	r.Causes = append(r.Causes, Cause{one.Reason, one.Field, 1, AdviceOn(one.Reason)})
	return int32(len(r.Causes) - 1)
}
