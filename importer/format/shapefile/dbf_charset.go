package shapefile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// dbfText is a text of a table by which its encoding is decided.
type dbfText struct {
	bytes []byte
	full  bool // up to the last byte of the field: it may be cut inside a character
}

const (
	dbfSampleRows  = 2000
	dbfSampleBytes = 4 << 20   // of texts beyond ASCII that are kept
	dbfSampleReach = 256 << 20 // of rows that are looked at where the first are all ASCII
)

// sample gathers the names of fields and the texts beyond ASCII of the first rows;
// when those have none, of the rows behind until there is one.
func (t *dbfTable) sample(ctx context.Context, file io.Reader) ([]dbfText, error) {
	var texts []dbfText
	for _, f := range t.fields {
		if !charset.ASCII(f.raw) {
			texts = append(texts, dbfText{f.raw, len(f.raw) >= dbfNameBytes-1})
		}
	}
	names, kept := len(texts), 0
	r, row := bufio.NewReaderSize(file, record.BatchBytes), make([]byte, t.width)
	for n := range t.rows {
		enough := n >= dbfSampleRows && (len(texts) > names || n*int64(t.width) > dbfSampleReach)
		if enough || kept > dbfSampleBytes {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(r, row); err != nil {
			return nil, t.in.Unreadable(err)
		}
		if row[0] == '*' || charset.ASCII(row) {
			continue
		}
		for _, f := range t.fields {
			if text, full := trimText(row[f.at:f.end]); f.kind == 'C' && !charset.ASCII(text) {
				texts = append(texts, dbfText{bytes.Clone(text), full})
				kept += len(text)
			}
		}
	}
	return texts, nil
}

// trimText cuts the padding of a text, blanks or NULs; full says that there was none.
func trimText(cell []byte) (text []byte, full bool) {
	text, _, _ = bytes.Cut(cell, []byte{0})
	text = bytes.TrimRight(text, " ")
	return text, len(text) == len(cell)
}

// decodeCut is decode for a text that may be cut at the end of its field: the
// bytes of a character that is not all there are dropped.
func decodeCut(c charset.Decoder, dst, text []byte, full bool) ([]byte, bool) {
	decoded, ok := c.Decode(dst, text)
	if ok || !full {
		return decoded, ok
	}
	for drop := 1; drop <= 3 && drop <= len(text); drop++ {
		whole, tail := text[:len(text)-drop], text[len(text)-drop:]
		if tail[0] < utf8.RuneSelf || c.From == nil && utf8.FullRune(tail) {
			continue
		}
		if shorter, ok := c.Decode(dst, whole); ok {
			return shorter, true
		}
	}
	return c.Decode(dst, text)
}

// fits says that the encoding reads all of the texts.
func fits(c charset.Decoder, texts []dbfText) bool {
	var buffer []byte
	for _, text := range texts {
		decoded, ok := decodeCut(c, buffer, text.bytes, text.full)
		if !ok {
			return false
		}
		if c.From != nil {
			buffer = decoded
		}
	}
	return true
}

// decideCharset decides on the encoding of the texts: what the planner says, the
// .cpg, the language id of the .dbf, UTF-8 if all texts are valid in it, GB18030
// likewise. What a file says of itself is not believed when its texts deny it, nor
// when it names an encoding of one byte a character, which any bytes would fit and
// programs write unasked.
func (t *dbfTable) decideCharset(cpg string, texts []dbfText, f *record.File) error {
	if named := t.in.Options.Encoding; named != "" {
		c, err := charset.Named(named)
		if err != nil {
			return err
		}
		if !fits(c, texts) {
			f.Notes = append(f.Notes, lang.Bothf("some texts are not valid %s", c.Name))
		}
		t.take(f, c, lang.Bothf("given by --encoding"))
		return nil
	}
	language := dbfLanguage(t.language)
	switch {
	case t.claim(cpg, ".cpg", texts, f):
		return nil
	case t.claim(language, fmt.Sprintf("LDID 0x%02X", t.language), texts, f):
		return nil
	case len(texts) == 0:
		t.take(f, charset.Decoder{Name: "UTF-8"}, lang.Bothf("only ASCII"))
	case fits(charset.Decoder{Name: "UTF-8"}, texts):
		t.take(f, charset.Decoder{Name: "UTF-8"}, lang.Bothf("its texts are valid UTF-8"))
	case fits(charset.GB18030(), texts):
		t.take(f, charset.GB18030(), lang.Bothf("its texts are not UTF-8 and are valid GB18030"))
	default:
		return lang.Errorf("%s: its texts are neither UTF-8 nor GB18030; specify their encoding with --encoding: %w",
			t.in.Name, geo.ErrInvalid)
	}
	return nil
}

func (t *dbfTable) take(f *record.File, c charset.Decoder, how lang.Label) {
	t.charset, f.Charset, f.ByWhat = c, c.Name, how
}

// claim takes the encoding that a part of the set names, if its texts are valid in it.
func (t *dbfTable) claim(named, where string, texts []dbfText, f *record.File) bool {
	if named == "" {
		return false
	}
	short := lang.Clip(named, 40)
	c, err := charset.Named(named)
	switch {
	case err != nil || strings.HasPrefix(strings.ToUpper(c.Name), "UTF-16") ||
		strings.HasPrefix(strings.ToUpper(c.Name), "UTF-32"):
		f.Notes = append(f.Notes, lang.Bothf("%s states the encoding %q, which is not known", where, short))
		return false
	case len(texts) > 0 && oneByte(c):
		f.Notes = append(f.Notes, lang.Bothf("%s states the encoding %q, which any bytes fit; it was ignored", where,
			short))
		return false
	case !fits(c, texts):
		f.Notes = append(f.Notes, lang.Bothf("%s states the encoding %q, but the texts are not valid in it", where,
			short))
		return false
	}
	if len(texts) > 0 && c.From != nil && fits(charset.Decoder{}, texts) {
		f.Notes = append(f.Notes, lang.Bothf("the texts are valid UTF-8 too; if they look wrong, use --encoding UTF-8"))
	}
	t.take(f, c, lang.Bothf("stated by the %s: %s", where, short))
	return true
}

// oneByte says that the encoding has one byte a character.
func oneByte(c charset.Decoder) bool {
	if c.From == nil {
		return false
	}
	c.From.Reset()
	var dst [16]byte
	_, used, err := c.From.Transform(dst[:], []byte{0xE9}, false)
	return used == 1 && (err == nil || errors.Is(err, io.EOF))
}

// dbfLanguage names the encoding of a language driver id; "" for none, and for the
// ANSI and OEM ones that programs write whatever the texts are (0x57, 0x03, 0x01 …).
func dbfLanguage(id byte) string {
	switch id {
	case 0x4D, 0x7A:
		return "936"
	case 0x4E, 0x79:
		return "EUC-KR"
	case 0x4F, 0x78:
		return "Big5"
	case 0x13, 0x7B:
		return "Shift_JIS"
	}
	return ""
}
