package format

import (
	"errors"
	"path"
	"strings"
	"unicode/utf8"

	"yizhan/importer/charset"
)

// entryName is the name of an entry in UTF-8, with slashes. A name that is not
// UTF-8 was written by a Chinese Windows and is GB18030, in which a backslash can
// be the second byte of a character: it is decoded before it is looked at.
func entryName(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		decoded, ok := charset.GB18030().Decode(nil, []byte(raw))
		if !ok {
			return raw, errors.New("has a name that is neither UTF-8 nor GB18030")
		}
		raw = string(decoded)
	}
	return strings.ReplaceAll(raw, `\`, "/"), nil
}

// outside says why a name with slashes may not be unpacked, nil when it may.
func outside(name string) error {
	switch {
	case strings.ContainsRune(name, 0):
		return errors.New("has a NUL in its name")
	case strings.HasPrefix(name, "/"):
		return errors.New("has an absolute name")
	case len(name) > 1 && name[1] == ':':
		return errors.New("has a drive letter in its name")
	case path.Clean(name) == ".":
		return errors.New("has no name")
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return errors.New("points out of its folder (..)")
		}
	}
	return nil
}

// litter reports files that systems leave behind and nobody means.
func litter(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if strings.EqualFold(part, "__MACOSX") {
			return true
		}
	}
	switch base := strings.ToLower(path.Base(name)); base {
	case ".ds_store", "thumbs.db", "desktop.ini":
		return true
	default:
		return strings.HasPrefix(base, "._")
	}
}
