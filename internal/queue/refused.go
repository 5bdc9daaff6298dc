package queue

import (
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Refused is the error of a request for which there is no room. It is of kind
// geo.ErrUnavailable.
type Refused struct {
	After  time.Duration // when it is worth trying again
	Client string        // whose own doing it is; "" where everybody is refused
	why    error
}

func (r *Refused) Error() string { return r.why.Error() }

// In is the refusal in a language.
func (r *Refused) In(t lang.Tag) string { return t.Error(r.why) }

// Unwrap is the kind of the error.
func (r *Refused) Unwrap() error { return geo.ErrUnavailable }

// Concerns reports whether the client would be refused for the same reason.
func (r *Refused) Concerns(client string) bool { return r.Client == "" || r.Client == client }

// Seconds is After as Retry-After has it: whole seconds, at least one.
func (r *Refused) Seconds() int { return max(1, int((r.After+time.Second-1)/time.Second)) }
