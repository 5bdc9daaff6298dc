package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// xmlStream reads the elements of a part one after another. Names are compared
// without their prefix, which some programs write and some do not.
type xmlStream struct {
	decoder *xml.Decoder
	part    io.ReadCloser
	in      record.Input
	name    string
	since   int // bytes read behind the last element
}

func (b *workbook) stream(part *zip.File) (*xmlStream, error) {
	r, err := part.Open()
	if err != nil {
		return nil, b.in.Damaged(err)
	}
	return newXMLStream(b.in, part.Name, r), nil
}

func newXMLStream(in record.Input, name string, part io.ReadCloser) *xmlStream {
	x := &xmlStream{part: part, in: in, name: name}
	x.decoder = xml.NewDecoder(x)
	return x
}

// Read hands unpacked bytes to the decoder. One element that goes on for longer
// than a record may would be held whole, so it ends the reading.
func (x *xmlStream) Read(b []byte) (int, error) {
	n, err := x.part.Read(b)
	if x.since += n; x.since > x.in.Options.RecordBytes+len(b) {
		return 0, errors.New("a text is longer than " + strconv.Itoa(x.in.Options.RecordBytes) + " bytes")
	}
	return n, err
}

// token is the next element, text or end; io.EOF where the part ends, which is
// never where it should.
func (x *xmlStream) token() (xml.Token, error) {
	x.since = 0
	token, err := x.decoder.RawToken()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, x.in.Damaged(lang.Errorf("%s: %w", x.name, err))
	}
	return token, err
}

// Close ends the reading.
func (x *xmlStream) Close() error { return x.part.Close() }

// item appends the text of a string item or an inline string up to the end of the
// element: of its runs, without the hints to pronunciation (ECMA-376-1, 18.4.6 and 18.4.8).
func (x *xmlStream) item(text []byte, element string) ([]byte, error) {
	inText, phonetic, start := false, false, len(text)
	for {
		token, err := x.token()
		if errors.Is(err, io.EOF) {
			return text, x.in.Damaged(errors.New(x.name + " breaks off"))
		}
		if err != nil {
			return text, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inText = inText || t.Name.Local == "t"
			phonetic = phonetic || t.Name.Local == "rPh"
		case xml.CharData:
			if inText && !phonetic {
				if len(text)-start+len(t) > x.in.Options.RecordBytes {
					return text,
						x.in.Damaged(errors.New("a text is longer than " + strconv.Itoa(x.in.Options.RecordBytes) +
							" bytes"))
				}
				text = append(text, t...)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText = false
			case "rPh":
				phonetic = false
			case element:
				return append(text[:start], plainXString(text[start:])...), nil
			}
		}
	}
}

// plainXString puts characters in place of their numbers: _x000D_ is a carriage
// return (ECMA-376-1, 22.9.2.19). It works in the text itself.
func plainXString(text []byte) []byte {
	to := 0
	for at := 0; at < len(text); to++ {
		if text[at] == '_' && at+7 <= len(text) && text[at+1] == 'x' && text[at+6] == '_' {
			if code, err := strconv.ParseUint(string(text[at+2:at+6]), 16, 16); err == nil &&
				(code < 0xd800 || code > 0xdfff) {
				n := copy(text[to:], string(rune(code)))
				to, at = to+n-1, at+7
				continue
			}
		}
		text[to] = text[at]
		at++
	}
	return text[:to]
}

// attribute is the value of an attribute, "" when there is none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
