package jobs

import (
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// CheckText refuses what cannot be stored as text: a NUL character, or bytes that are not UTF-8.
func CheckText(what lang.Label, value string) error {
	switch {
	case strings.ContainsRune(value, 0):
		return lang.Errorf("%s contains a NUL character; remove it: %w", what, geo.ErrInvalid)
	case !utf8.ValidString(value):
		return lang.Errorf("%s must be UTF-8: %w", what, geo.ErrInvalid)
	}
	return nil
}
