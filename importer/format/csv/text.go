package csv

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"yizhan/geo"
	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// headBytes is how much of a table's beginning decides its encoding, delimiter and header.
const headBytes = 1 << 20

const byteOrderMark = "\xef\xbb\xbf" // U+FEFF in UTF-8

// tableText is how the bytes of a table become text that can be cut: as they are,
// when they are UTF-8 or GB18030, otherwise recoded to UTF-8 while they are read.
type tableText struct {
	charset string
	how     lang.Label
	mark    int                          // bytes of a byte order mark that is skipped
	recode  func() transform.Transformer // nil when the bytes are cut as they are
	gb      bool                         // records are GB18030 when they are decoded
}

// readHead reads the beginning of the table; whole says that there is no more.
func readHead(in record.Input) (head []byte, whole bool, err error) {
	r, err := in.Open(&record.Pace{})
	if err != nil {
		return nil, false, err
	}
	head, err = io.ReadAll(io.LimitReader(r, headBytes+1))
	if closing := r.Close(); err == nil && closing != nil {
		err = in.Unreadable(closing)
	}
	if err != nil && !errors.Is(err, geo.ErrInvalid) {
		err = in.Unreadable(err)
	}
	if len(head) > headBytes {
		return head[:headBytes], false, err
	}
	return head, true, err
}

// tableTextOf decides the encoding: as the planner says, by a byte order mark, or
// by the head as strict UTF-8 and then GB18030.
func tableTextOf(in record.Input, head []byte, whole bool) (tableText, error) {
	if name := in.Options.Encoding; name != "" {
		named, err := charset.Named(name)
		if err != nil {
			return tableText{}, err
		}
		t := tableText{charset: named.Name, how: lang.Bothf("given by --encoding"), gb: named.Name == "GB18030"}
		switch {
		case named.From == nil:
			t.mark = len(head) - len(bytes.TrimPrefix(head, []byte(byteOrderMark)))
		case !t.gb:
			t.recode = recoder(func() *encoding.Decoder {
				again, _ := charset.Named(name)
				return again.From
			})
		}
		return t, nil
	}
	marked := lang.Bothf("its byte order mark")
	switch {
	case bytes.HasPrefix(head, []byte(byteOrderMark)):
		return tableText{charset: "UTF-8", how: marked, mark: len(byteOrderMark)}, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return tableText{charset: "UTF-16LE", how: marked,
			recode: recoder(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder)}, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return tableText{charset: "UTF-16BE", how: marked,
			recode: recoder(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder)}, nil
	case bytes.IndexByte(head, 0) >= 0:
		return tableText{},
			lang.Errorf("%s contains a zero byte at byte %d: it is not a text, or is UTF-16 without a byte order "+
				"mark; save it as CSV in UTF-8, or specify its encoding with --encoding: %w",
				in.Name, bytes.IndexByte(head, 0), geo.ErrInvalid)
	}
	if !whole {
		head = wholeCharacters(head)
	}
	guessed, how, ok := charset.Guess([][]byte{head})
	if !ok {
		return tableText{},
			lang.Errorf("the text of %s is not entirely UTF-8 or GB18030; specify its encoding with --encoding, "+
				"so that only rows not valid in it are rejected: %w", in.Name, geo.ErrInvalid)
	}
	return tableText{charset: guessed.Name, how: how, gb: guessed.From != nil}, nil
}

// wholeCharacters cuts a head behind a byte that is a character of its own both in
// UTF-8 and in GB18030, whose trail bytes begin at 0x30.
func wholeCharacters(head []byte) []byte {
	for i := len(head) - 1; i >= max(0, len(head)-64<<10); i-- {
		if head[i] < 0x30 {
			return head[:i+1]
		}
	}
	return head
}

func recoder(decoder func() *encoding.Decoder) func() transform.Transformer {
	return func() transform.Transformer { return decoder().Transformer }
}

// recoded is the text when it must be cut in UTF-8: some encodings have the
// delimiter among their trail bytes, as GB18030 has the bar.
func (t tableText) recoded() tableText {
	if t.gb {
		t.gb = false
		t.recode = recoder(func() *encoding.Decoder { return charset.GB18030().From })
	}
	return t
}

// open begins the text behind its mark.
func (t tableText) open(in record.Input, pace *record.Pace) (io.ReadCloser, error) {
	r, err := in.Open(pace)
	if err != nil {
		return nil, err
	}
	text := io.Reader(r)
	if t.recode != nil {
		text = transform.NewReader(r, t.recode())
	}
	buffered := bufio.NewReaderSize(text, 16)
	mark := t.mark
	if head, err := buffered.Peek(len(byteOrderMark)); t.recode != nil && err == nil &&
		string(head) == byteOrderMark {
		mark = len(byteOrderMark)
	}
	if _, err := buffered.Discard(mark); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(in.Unreadable(err), r.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{buffered, r}, nil
}

// utf8 is the head as text in UTF-8; the character at its end may be cut.
func (t tableText) utf8(head []byte) []byte {
	if t.recode == nil && !t.gb {
		return head[t.mark:]
	}
	decoded, _ := io.ReadAll(transform.NewReader(bytes.NewReader(head), t.recoded().recode()))
	return []byte(strings.TrimPrefix(string(decoded), byteOrderMark))
}
