// Package charset detects the encoding of a file's texts and decodes them. It knows no
// format; a decoder is for one goroutine.
package charset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Decoder decodes texts of one encoding. One goroutine uses it.
type Decoder struct {
	Name string
	From *encoding.Decoder // nil for UTF-8
}

// Named is the encoding of a name given by a planner, a .cpg file or a language id. GBK,
// GB2312 and code page 936 are read as GB18030, which includes them.
func Named(name string) (Decoder, error) {
	plain := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.TrimSpace(name)))
	switch plain {
	case "utf8", "65001", "cp65001", "utf8bom":
		return Decoder{Name: "UTF-8"}, nil
	case "gb18030", "gbk", "gb2312", "euccn", "cp936", "936", "ansi936", "windows936", "ms936", "hzgb2312",
		"gb23121980":
		return GB18030(), nil
	case "950", "cp950", "ansi950":
		name = "big5"
	}
	for _, prefix := range []string{"", "windows-", "ISO-"} {
		found, err := ianaindex.IANA.Encoding(prefix + strings.TrimSpace(name))
		if err != nil || found == nil {
			continue
		}
		official, err := ianaindex.IANA.Name(found)
		if err != nil {
			official = name
		}
		return Decoder{Name: official, From: found.NewDecoder()}, nil
	}
	return Decoder{},
		lang.Errorf("unknown text encoding %q; specify UTF-8, GB18030 (GBK), Big5 or another IANA name: %w",
			name, geo.ErrInvalid)
}

// GB18030 is the encoding that includes GBK and GB2312.
func GB18030() Decoder {
	return Decoder{Name: "GB18030", From: simplifiedchinese.GB18030.NewDecoder()}
}

// Decode returns text as UTF-8, in dst if it must be converted, and whether all of it is
// valid.
func (c Decoder) Decode(dst, text []byte) ([]byte, bool) {
	if c.From == nil || ASCII(text) {
		return text, c.From != nil || utf8.Valid(text)
	}
	dst = dst[:cap(dst)]
	if need := 3*len(text) + 16; len(dst) < need {
		dst = make([]byte, need)
	}
	c.From.Reset()
	n, _, err := c.From.Transform(dst, text, true)
	decoded := dst[:n]
	return decoded, err == nil && !strings.ContainsRune(string(decoded), utf8.RuneError)
}

// ASCII reports whether a text is ASCII only.
func ASCII(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Guess detects the encoding of texts: strict UTF-8, then GB18030; ok is false when they
// are neither. Latin-1 is never guessed, because any bytes are valid in it.
func Guess(texts [][]byte) (c Decoder, how lang.Label, ok bool) {
	plain, valid := true, true
	for _, text := range texts {
		plain = plain && ASCII(text)
		valid = valid && utf8.Valid(text)
	}
	switch {
	case plain:
		return Decoder{Name: "UTF-8"}, lang.Bothf("only ASCII"), true
	case valid:
		return Decoder{Name: "UTF-8"}, lang.Bothf("its texts are valid UTF-8"), true
	}
	c = GB18030()
	for _, text := range texts {
		if _, fine := c.Decode(nil, text); !fine {
			return c, lang.Label{}, false
		}
	}
	return c, lang.Bothf("its texts are not UTF-8 and are valid GB18030"), true
}
