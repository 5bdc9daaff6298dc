package format

import (
	"path"
	"strings"
	"unicode/utf8"

	"yizhan/importer/charset"
	"yizhan/internal/lang"
)

// entryName is the name of an entry in UTF-8, with slashes. A name that is not UTF-8 comes
// from a Chinese Windows and is GB18030. It is decoded before it is checked, because in
// GB18030 a backslash can be the second byte of a character.
func entryName(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		decoded, ok := charset.GB18030().Decode(nil, []byte(raw))
		if !ok {
			return raw, lang.Errorf("its name is neither UTF-8 nor GB18030")
		}
		raw = string(decoded)
	}
	return strings.ReplaceAll(raw, `\`, "/"), nil
}

// outside is why a name with slashes must not be unpacked, nil when it may be.
func outside(name string) error {
	switch {
	case strings.ContainsRune(name, 0):
		return lang.Errorf("its name contains a NUL")
	case strings.HasPrefix(name, "/"):
		return lang.Errorf("its name is absolute")
	case len(name) > 1 && name[1] == ':':
		return lang.Errorf("its name contains a drive letter")
	case path.Clean(name) == ".":
		return lang.Errorf("it has no name")
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return lang.Errorf("its name leads out of the folder (..)")
		}
	}
	return nil
}

// litter reports files that operating systems leave behind.
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
