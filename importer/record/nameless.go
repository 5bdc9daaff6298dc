package record

import (
	"errors"
	"io/fs"
)

// Nameless is an error of a temporary file without its name, which says nothing to who
// gave another file, and to others more than they need to know.
func Nameless(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
