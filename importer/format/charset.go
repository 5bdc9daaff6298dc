package format

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// charset decodes texts of one encoding. One goroutine uses it.
type charset struct {
	name    string
	decoder *encoding.Decoder // nil for UTF-8
}

// namedCharset finds an encoding by the name that a planner, a .cpg file or a
// language id gives it. GBK, GB2312 and code page 936 are read as GB18030, which holds them.
func namedCharset(name string) (charset, error) {
	plain := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.TrimSpace(name)))
	switch plain {
	case "utf8", "65001", "cp65001", "utf8bom":
		return charset{name: "UTF-8"}, nil
	case "gb18030", "gbk", "gb2312", "euccn", "cp936", "936", "ansi936", "windows936", "ms936", "hzgb2312", "gb23121980":
		return gb18030(), nil
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
		return charset{name: official, decoder: found.NewDecoder()}, nil
	}
	return charset{}, lang.Errorf("the text encoding %q is not known; UTF-8, GB18030 (GBK), Big5 and the IANA names are: %w", name, geo.ErrInvalid)
}

func gb18030() charset {
	return charset{name: "GB18030", decoder: simplifiedchinese.GB18030.NewDecoder()}
}

// decode returns text as UTF-8, in dst where it must be changed, and whether all of it could be read.
func (c charset) decode(dst, text []byte) ([]byte, bool) {
	if c.decoder == nil || ascii(text) {
		return text, c.decoder != nil || utf8.Valid(text)
	}
	dst = dst[:cap(dst)]
	if need := 3*len(text) + 16; len(dst) < need {
		dst = make([]byte, need)
	}
	c.decoder.Reset()
	n, _, err := c.decoder.Transform(dst, text, true)
	decoded := dst[:n]
	return decoded, err == nil && !strings.ContainsRune(string(decoded), utf8.RuneError)
}

func ascii(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// guessCharset decides by the texts themselves: strict UTF-8, then GB18030; ok is
// false when they are neither. Latin-1 is never guessed, because any bytes would do.
func guessCharset(texts [][]byte) (c charset, how lang.Label, ok bool) {
	plain, valid := true, true
	for _, text := range texts {
		plain = plain && ascii(text)
		valid = valid && utf8.Valid(text)
	}
	switch {
	case plain:
		return charset{name: "UTF-8"}, label("只有 ASCII 字符", "nothing but ASCII"), true
	case valid:
		return charset{name: "UTF-8"}, label("文字是有效的 UTF-8", "its texts are valid UTF-8"), true
	}
	c = gb18030()
	for _, text := range texts {
		if _, fine := c.decode(nil, text); !fine {
			return c, lang.Label{}, false
		}
	}
	return c, label("不是 UTF-8，而是有效的 GB18030", "its texts are not UTF-8 and are valid GB18030"), true
}
