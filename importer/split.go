package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"yizhan/geo"
)

// span is where one feature lies in a batch, and where it came from.
type span struct {
	start, end int
	position   int64 // 1 for the first feature of the file
	offset     int64 // of its first byte in the (unpacked) file
}

// batch is a run of whole features.
type batch struct {
	data  []byte
	spans []span
}

// splitter cuts a GeoJSON FeatureCollection (RFC 7946, 3.3), or a sequence of
// Feature objects one after another (RFC 8142, with or without record
// separators), into its features by bytes alone: it follows strings and brackets
// and leaves everything else to the parser.
type splitter struct {
	r         io.Reader
	limit     int // bytes that one feature may have
	carry     []byte
	base      int64 // offset of carry[0] in the file
	position  int64
	inside    bool // inside the features array of a collection
	done      bool // the collection is closed
	seen      bool // something stood at the top level
	eof       bool
	batchSize int
}

func newSplitter(r io.Reader, featureLimit int) *splitter {
	return &splitter{r: r, limit: featureLimit, batchSize: 256 << 10}
}

// next returns the next batch; io.EOF at the proper end of the file. A file that
// breaks off is ErrInvalid with the offset where it does.
func (s *splitter) next() (batch, error) {
	data := s.carry
	for {
		if !s.eof {
			var err error
			if data, err = s.fill(data); err != nil {
				return batch{}, err
			}
		}
		b, used, err := s.scan(data)
		if err != nil {
			return batch{}, err
		}
		rest := data[used:]
		if len(b.spans) > 0 {
			s.carry = append(make([]byte, 0, len(rest)+s.batchSize), rest...)
			s.base += int64(used)
			return b, nil
		}
		if s.eof {
			return batch{}, s.end(rest, used)
		}
		data = append(make([]byte, 0, len(rest)+s.batchSize), rest...)
		s.base += int64(used)
		if len(data) > s.limit {
			return batch{}, fmt.Errorf("feature %d, at byte %d, is larger than %d MB: %w", s.position+1, s.base, s.limit>>20, geo.ErrInvalid)
		}
	}
}

// fill reads a further stretch of the file behind data.
func (s *splitter) fill(data []byte) ([]byte, error) {
	start := len(data)
	data = append(data, make([]byte, s.batchSize)...)
	n, err := io.ReadFull(s.r, data[start:])
	data = data[:start+n]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		s.eof, err = true, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read on after byte %d: %v: %w", s.base+int64(len(data)), err, geo.ErrInvalid)
	}
	if s.base == 0 && start == 0 {
		return s.checkStart(data)
	}
	return data, nil
}

// checkStart takes off a UTF-8 byte-order mark and refuses other encodings.
func (s *splitter) checkStart(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}) {
		s.base += 3
		return data[3:], nil
	}
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) || len(data) > 1 && (data[0] == 0 || data[1] == 0) {
		return nil, fmt.Errorf("the file is in UTF-16 or UTF-32; GeoJSON is UTF-8: save it anew: %w", geo.ErrInvalid)
	}
	head := data[:min(len(data), 4096)]
	if !utf8.Valid(head) && !utf8.Valid(head[:max(0, len(head)-3)]) && !utf8.Valid(head[:max(0, len(head)-2)]) && !utf8.Valid(head[:max(0, len(head)-1)]) {
		return nil, fmt.Errorf("the file is not in UTF-8, as GeoJSON must be; save it anew: %w", geo.ErrInvalid)
	}
	return data, nil
}

// scan finds the whole features in data and returns how much of it is used up.
func (s *splitter) scan(data []byte) (batch, int, error) {
	b := batch{data: data}
	at := 0
	for at < len(data) {
		c := data[at]
		switch {
		case c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x1e || c == ',' && s.inside:
			at++
		case s.done:
			if c == ']' || c == '}' || c == ',' || c == '"' || !s.inside {
				return b, len(data), nil // members behind the features
			}
			at++
		case s.inside && c == ']':
			s.done, s.inside = true, false
			return b, len(data), nil
		case c == '{' && !s.inside && !s.seen:
			start, verdict := featuresArray(data[at:], s.eof)
			if verdict == more {
				return b, at, nil
			}
			s.seen = true
			if verdict == found {
				if err := checkCRS(data[at : at+start]); err != nil {
					return b, at, err
				}
				s.inside = true
				at += start
			}
		case c == '{':
			end := objectEnd(data, at)
			if end < 0 {
				return b, at, nil
			}
			s.position++
			b.spans = append(b.spans, span{at, end, s.position, s.base + int64(at)})
			at = end
		default:
			return b, at, fmt.Errorf("byte %d: %q stands where a feature should begin; is this GeoJSON? %w", s.base+int64(at), c, geo.ErrInvalid)
		}
	}
	return b, at, nil
}

// end judges what is left when the file is over.
func (s *splitter) end(rest []byte, used int) error {
	if len(bytes.TrimSpace(rest)) > 0 || s.inside {
		return fmt.Errorf("the file breaks off in feature %d, at byte %d; nothing was imported, get it anew: %w", s.position+1, s.base+int64(used), geo.ErrInvalid)
	}
	if !s.seen {
		return fmt.Errorf("the file is empty: %w", geo.ErrInvalid)
	}
	return io.EOF
}

// verdict of a search that may need more bytes.
type verdict int

const (
	more verdict = iota
	found
	absent
)

// featuresArray looks for the member "features" of the object that data begins
// with, and returns where the inside of its array starts.
func featuresArray(data []byte, all bool) (int, verdict) {
	depth, expectKey := 0, false
	for at := 0; at < len(data); at++ {
		switch c := data[at]; c {
		case '{', '[':
			depth++
			expectKey = c == '{' && depth == 1
		case '}', ']':
			if depth--; depth == 0 {
				return 0, absent
			}
		case ',':
			expectKey = depth == 1
		case '"':
			end := stringEnd(data, at)
			if end < 0 {
				return 0, more
			}
			if expectKey && string(data[at:end]) == `"features"` {
				return arrayAfter(data, end)
			}
			expectKey = false
			at = end - 1
		}
	}
	if all {
		return 0, absent
	}
	return 0, more
}

// arrayAfter steps over the colon and the opening bracket behind a key.
func arrayAfter(data []byte, at int) (int, verdict) {
	for ; at < len(data); at++ {
		switch data[at] {
		case ' ', '\n', '\r', '\t', ':':
		case '[':
			return at + 1, found
		default:
			return 0, absent
		}
	}
	return 0, more
}

// objectEnd is where the object that begins at start is closed, -1 when not in data.
func objectEnd(data []byte, start int) int {
	depth := 0
	for at := start; at < len(data); at++ {
		switch data[at] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		case '"':
			if at = stringEnd(data, at) - 1; at < 0 {
				return -1
			}
		}
	}
	return -1
}

// stringEnd is just behind the closing quote of the string that begins at start, -1 when not in data.
func stringEnd(data []byte, start int) int {
	for at := start + 1; at < len(data); {
		quote := bytes.IndexByte(data[at:], '"')
		if quote < 0 {
			return -1
		}
		quote += at
		escapes := 0
		for i := quote - 1; i > start && data[i] == '\\'; i-- {
			escapes++
		}
		if escapes%2 == 0 {
			return quote + 1
		}
		at = quote + 1
	}
	return -1
}
