package geo

import "yizhan/internal/lang"

// The kinds of error that cross package borders. Wrap them with what was being
// done; one table in the server turns a kind into a status and one in the
// command turns it into an exit code.
var (
	// ErrNotFound: what was named does not exist.
	ErrNotFound error = lang.Kind("not found")
	// ErrInvalid: the input is wrong; the message says where and what to do.
	ErrInvalid error = lang.Kind("invalid")
	// ErrForbidden: it exists, and may not be had this way.
	ErrForbidden error = lang.Kind("forbidden")
	// ErrConflict: someone else is in the way, or came first.
	ErrConflict error = lang.Kind("conflict")
	// ErrUnavailable: not now; trying again later may succeed.
	ErrUnavailable error = lang.Kind("unavailable")
)
