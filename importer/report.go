package importer

import (
	"slices"
	"time"

	"yizhan/geo"
)

// Rejection is one feature that was not taken, and why. Of a personal layer it
// has neither key nor value.
type Rejection struct {
	Position int64     `json:"position"` // 1 for the first feature of the file
	Offset   int64     `json:"offset"`   // of its first byte in the unpacked file
	Key      string    `json:"key,omitempty"`
	Field    string    `json:"field,omitempty"`
	Value    string    `json:"value,omitempty"`
	Reason   Reason    `json:"reason"`
	Detail   geo.Label `json:"detail,omitzero"`
}

// Cause is how many features were rejected for one reason, by field.
type Cause struct {
	Reason   Reason `json:"reason"`
	Field    string `json:"field,omitempty"`
	Features int64  `json:"features"`
	Advice
}

// maxListed is how many rejections a report lists, the first of the file; all are counted.
const maxListed = 1000

// Report says what became of a file.
type Report struct {
	Batch     int64            `json:"batch"`
	Layer     geo.LayerName    `json:"layer"`
	Title     geo.Label        `json:"title"`
	Source    string           `json:"source"`
	SHA256    string           `json:"sha256"` // of the file as it is
	Read      int64            `json:"read"`
	Inserted  int64            `json:"inserted"`
	Updated   int64            `json:"updated"`
	Unchanged int64            `json:"unchanged"`
	Rejected  int64            `json:"rejected"`
	Reasons   map[Reason]int64 `json:"reasons"`
	Causes    []Cause          `json:"causes"` // the same by field, with advice
	Listed    []Rejection      `json:"rejections"`
	Unknown   map[string]int64 `json:"unknown_fields"` // fields that the layer does not have, and how many features had them
	Flattened int64            `json:"flattened"`      // features whose heights were left out
	Took      time.Duration    `json:"took_ns"`
	Present   []bool           `json:"-"` // by column of the target: some feature had it
	personal  bool
}

// Reject counts a rejection and lists it if it is one of the first of the file.
// For a personal layer it first takes out what could tell of a person.
func (r *Report) Reject(one Rejection) {
	if r.personal {
		one.Key, one.Value = "", ""
		if one.Reason == InvalidShape {
			one.Detail = geo.Label{} // it names a place
		}
	}
	r.Rejected++
	r.Reasons[one.Reason]++
	r.count(one)
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

func (r *Report) count(one Rejection) {
	for i := range r.Causes {
		if r.Causes[i].Reason == one.Reason && r.Causes[i].Field == one.Field {
			r.Causes[i].Features++
			return
		}
	}
	r.Causes = append(r.Causes, Cause{one.Reason, one.Field, 1, one.Reason.Advice()})
}

// Rate is how many features were read a second.
func (r *Report) Rate() float64 {
	return float64(r.Read) / max(r.Took.Seconds(), 1e-3)
}
