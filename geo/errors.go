package geo

import "yizhan/internal/lang"

// The kinds of error that cross package borders. Wrap them with what was being
// done; one table in the server turns a kind into a status and one in the
// command turns it into an exit code.
var (
	// ErrNotFound: the named thing does not exist.
	ErrNotFound error = lang.Kind("not found")
	// ErrInvalid: the input is wrong; the message says where and what to do.
	ErrInvalid error = lang.Kind("invalid")
	// ErrForbidden: it exists, but access this way is not allowed.
	ErrForbidden error = lang.Kind("forbidden")
	// ErrConflict: another operation is in progress, or came first.
	ErrConflict error = lang.Kind("conflict")
	// ErrGone: it was here, and no longer is.
	ErrGone error = lang.Kind("gone")
	// ErrUnavailable: not now; trying again later may succeed.
	ErrUnavailable error = lang.Kind("unavailable")
)
