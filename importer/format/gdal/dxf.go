package gdal

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// isDXF recognises an ASCII drawing: pairs of lines, a number and a value. The first pair
// begins a section or is a comment (999).
func isDXF(head []byte) bool {
	first, rest, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	first, second = bytes.TrimSpace(first), bytes.TrimSpace(second)
	return string(first) == "999" || string(first) == "0" && string(second) == "SECTION"
}

// dxfComplete refuses a drawing without the group EOF at its end: GDAL reads one that was
// truncated between two entities as if it were complete.
func dxfComplete(in record.Input) error {
	f, err := os.Open(in.Path)
	if err != nil {
		return in.Unreadable(err)
	}
	defer f.Close()
	const tail = 512
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(max(0, size-tail), io.SeekStart)
	}
	if err != nil {
		return in.Unreadable(err)
	}
	end, err := io.ReadAll(io.LimitReader(f, tail))
	if err != nil {
		return in.Unreadable(err)
	}
	words := bytes.Fields(bytes.TrimRight(end, "\x00\x1a \t\r\n"))
	if len(words) < 2 || string(words[len(words)-1]) != "EOF" {
		return in.Damaged(lang.Errorf("the drawing is incomplete: its last line is not EOF"))
	}
	return nil
}

// dxfHeader is what the beginning of a drawing tells about its texts.
type dxfHeader struct {
	version  string   // $ACADVER, such as "AC1015"
	codePage string   // $DWGCODEPAGE, such as "ANSI_936"
	texts    [][]byte // lines that are not ASCII
}

// How much of a drawing is read to detect its encoding.
const (
	dxfSample = 16 << 20
	dxfTexts  = 5000
)

// readDXFHeader reads the beginning of a drawing.
func readDXFHeader(r io.Reader) (h dxfHeader, err error) {
	lines := bufio.NewScanner(io.LimitReader(r, dxfSample))
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	var variable string
	for lines.Scan() && len(h.texts) < dxfTexts {
		line := bytes.TrimSpace(lines.Bytes())
		switch {
		case bytes.HasPrefix(line, []byte("$")):
			variable = record.Short(line)
		case variable == "$ACADVER" && h.version == "" && bytes.HasPrefix(line, []byte("AC")):
			h.version = record.Short(line)
		case variable == "$DWGCODEPAGE" && h.codePage == "" && len(line) > 1:
			h.codePage = record.Short(line)
		case !charset.ASCII(line):
			h.texts = append(h.texts, bytes.Clone(line))
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return h, err
	}
	if n := len(h.texts); n > 1 { // the sample may end within a character
		h.texts = h.texts[:n-1]
	}
	return h, nil
}

// dxfEncoding decides the encoding of a drawing's texts: the one that the planner states;
// UTF-8 from release 2007 on (AC1021), where GDAL still follows the code page; the code
// page; or, where that is missing or the English default, the one detected in the texts.
// It is a value for GDAL's DXF_ENCODING, "" to leave the choice to GDAL.
func dxfEncoding(in record.Input) (encoding string, how lang.Label, err error) {
	if in.Options.Encoding != "" {
		c, err := charset.Named(in.Options.Encoding)
		return c.Name, lang.Bothf("as specified"), err
	}
	f, err := os.Open(in.Path)
	if err != nil {
		return "", how, in.Unreadable(err)
	}
	defer f.Close()
	h, err := readDXFHeader(f)
	if err != nil {
		return "", how, in.Unreadable(err)
	}
	return h.encoding(in.Name)
}

func (h dxfHeader) encoding(name string) (encoding string, how lang.Label, err error) {
	switch plain := strings.ToUpper(h.codePage); {
	case h.version >= "AC1021" && h.valid():
		return "UTF-8", lang.Bothf("by release %s", h.version), nil
	case plain == "ANSI_936" || plain == "GB2312" || plain == "GBK":
		return "GB18030", lang.Bothf("by code page %s", h.codePage), nil
	case plain != "" && plain != "ANSI_1252" && plain != "ASCII" && plain != "UNDEFINED":
		return "", how, nil
	}
	if len(h.texts) == 0 {
		return "", how, nil
	}
	c, _, ok := charset.Guess(h.texts)
	if !ok {
		return "", how, lang.Errorf("%s: its texts are neither UTF-8 nor GB18030, and its code page is %q; "+
			"specify the encoding with --encoding: %w", name, h.codePage, geo.ErrInvalid)
	}
	return c.Name, lang.Bothf("detected in its texts"), nil
}

func (h dxfHeader) valid() bool {
	for _, text := range h.texts {
		if !utf8.Valid(text) {
			return false
		}
	}
	return true
}
