package geojson

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// RecordSeparator stands before each text of a sequence (RFC 8142, 2.1).
const RecordSeparator = 0x1e

// Classes of bytes that matter to where a value ends.
const (
	opens  = 1
	closes = 2
	quotes = 3
)

var structure = [256]byte{'{': opens, '[': opens, '}': closes, ']': closes, '"': quotes}

// skipSpace is the first place from at that is not white space.
func skipSpace(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\n' || data[at] == '\r' || data[at] == '\t') {
		at++
	}
	return at
}

// beginsValue reports whether a JSON value can begin with c.
func beginsValue(c byte) bool {
	return c == '{' || c == '[' || c == '"' || c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f' || c == 'n'
}

// valueEnd is the place behind the value that begins at start, -1 when it is not
// all in data, and how deep it is nested.
func valueEnd(data []byte, start int) (end, deepest int) {
	switch structure[data[start]] {
	case opens:
		return nestedEnd(data, start)
	case quotes:
		return stringEnd(data, start), 0
	}
	for at := start; at < len(data); at++ {
		if c := data[at]; c == ',' || c == ']' || c == '}' || c <= ' ' {
			return at, 0
		}
	}
	return -1, 0
}

func nestedEnd(data []byte, start int) (end, deepest int) {
	depth := 0
	for at := start; at < len(data); at++ {
		switch structure[data[at]] {
		case opens:
			depth++
			deepest = max(deepest, depth)
		case closes:
			if depth--; depth == 0 {
				return at + 1, deepest
			}
		case quotes:
			if at = stringEnd(data, at) - 1; at < 0 {
				return -1, deepest
			}
		}
	}
	return -1, deepest
}

// stringEnd is the place behind the closing quote of the string that begins at
// start, -1 when it is not in data.
func stringEnd(data []byte, start int) int {
	for at := start + 1; at < len(data); at++ {
		switch data[at] {
		case '"':
			return at + 1
		case '\\':
			at++
		}
	}
	return -1
}

// checkEncoding returns how long a UTF-8 byte-order mark at the start is, and
// refuses files in other encodings (RFC 7946, 11.1 through RFC 8259, 8.1).
func checkEncoding(data []byte) (mark int, err error) {
	if bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}) {
		return 3, nil
	}
	if head := string(data[:min(len(data), 16)]); isBinary(head) {
		return 0, notGeoJSON(head)
	}
	marked := bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff})
	if marked || len(data) > 1 && (data[0] == 0 || data[1] == 0) {
		return 0, lang.Errorf("the file is in UTF-16 or UTF-32, but GeoJSON must be in UTF-8; save it as UTF-8: %w",
			geo.ErrInvalid)
	}
	head := data[:min(len(data), 64<<10)]
	for at := 0; at < len(head); {
		if !utf8.FullRune(head[at:]) {
			break // the rest of the character has not been read
		}
		r, size := utf8.DecodeRune(head[at:])
		if r == utf8.RuneError && size == 1 {
			return 0, lang.Errorf("byte %d: the file is not in UTF-8 (it may be GBK or GB 18030), but GeoJSON "+
				"must be; "+
				"save it as UTF-8: %w", at, geo.ErrInvalid)
		}
		at += size
	}
	return 0, nil
}

// binaryKind recognises common files that are not text, by how they begin.
func binaryKind(head string) (kind lang.Label, known bool) {
	for start, kind := range map[string]lang.Label{
		"PK\x03\x04":          lang.Bothf("a zip archive or a spreadsheet"),
		"SQLite format 3\x00": lang.Bothf("a GeoPackage or another SQLite database"),
		"\x00\x00\x27\x0a":    lang.Bothf("a Shapefile"),
		"%PDF":                lang.Bothf("a PDF document"),
	} {
		if strings.HasPrefix(head, start) {
			return kind, true
		}
	}
	return lang.Label{}, false
}

func isBinary(head string) bool {
	_, known := binaryKind(head)
	return known
}

// notGeoJSON is the error of a file that begins like something else.
func notGeoJSON(head string) error {
	kind, known := binaryKind(head)
	switch {
	case known:
	case strings.HasPrefix(head, "<"):
		kind = lang.Bothf("XML or a web page")
	case strings.HasPrefix(head, "["):
		kind = lang.Bothf("a JSON list outside a FeatureCollection")
	default:
		kind = lang.Bothf("not GeoJSON")
	}
	return lang.Errorf("the file is %s; expected a FeatureCollection, or one Feature per line; "+
		"convert it, for example with ogr2ogr -f GeoJSON: %w", kind, geo.ErrInvalid)
}

// unreadable is the error of a file that stops yielding bytes.
func unreadable(cause error, at int64) error {
	return lang.Errorf("the file could not be read after byte %d (%v); nothing was imported; get a fresh copy: %w",
		at, cause, geo.ErrInvalid)
}
