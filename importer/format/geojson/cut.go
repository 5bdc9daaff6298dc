package geojson

import (
	"errors"
	"io"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// splitter cuts a file of GeoJSON into its features by bytes alone: it follows
// strings and brackets and leaves everything else to the decoder. The file is a
// sequence of texts, each a FeatureCollection or a Feature (RFC 7946, 3.2 and 3.3),
// with white space or record separators (RFC 8142) between them.
type splitter struct {
	r        io.ReadCloser
	limits   record.Limits
	spans    []record.Span // found in the window
	base     int64         // offset of window[0] in the file
	position int64
	batches  int
	state    state
	members  memberSet    // of the collection at hand
	said     *record.Said // by the member crs of a collection that is over, or has begun
	seen     bool         // something stood at the top level
	eof      bool
	greater  bool   // the value at hand does not fit the window
	window   []byte // read and not yet handed over
}

// state is what may come next.
type state int

const (
	top          state = iota // a Feature, a FeatureCollection or the end
	firstElement              // an element of the features, or their end
	element                   // an element: a comma stood before
	afterElement              // a comma or the end of the features
	afterList                 // a comma or the end of the collection
)

// NewCutter cuts what r yields, from its beginning, and closes it in the end.
func NewCutter(r io.ReadCloser, limits record.Limits) record.Cutter {
	return &splitter{r: r, limits: limits.WithDefaults()}
}

// End is what the member crs said.
func (s *splitter) End() record.End { return record.End{Said: s.said} }

// Close closes the file.
func (s *splitter) Close() error { return s.r.Close() }

// Next fills the next batch; io.EOF at the proper end of the file. A file that
// is truncated is ErrInvalid with the offset of its end.
func (s *splitter) Next(b *record.Batch) error {
	for {
		s.spans = b.Spans[:0]
		used, err := s.scan()
		if err != nil {
			return err
		}
		if b.Spans = s.spans; len(b.Spans) > 0 {
			rest := s.window[used:]
			b.Data, s.window, b.Number = s.window[:used], append(b.Data[:0], rest...), s.batches
			s.base += int64(used)
			s.batches++
			return nil
		}
		s.greater = used == 0 && len(s.window) > 0
		s.window = s.window[:copy(s.window, s.window[used:])]
		s.base += int64(used)
		if s.eof {
			return s.end()
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// fill reads on: to a full batch, or, when one value needs more than that, to
// twice what there is.
func (s *splitter) fill() error {
	start := len(s.window)
	if start > s.limits.RecordBytes {
		return lang.Errorf("feature %d, at byte %d, is larger than %d bytes; simplify or split it: %w",
			s.position+1, s.base, s.limits.RecordBytes, geo.ErrInvalid)
	}
	size := max(record.BatchBytes, start+record.BatchBytes/4)
	if s.greater {
		size = max(size, 2*start)
	}
	size = min(size, s.limits.RecordBytes+1)
	if cap(s.window) < size {
		s.window = append(make([]byte, 0, size), s.window...)
	}
	n, err := io.ReadFull(s.r, s.window[start:size])
	s.window = s.window[:start+n]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		s.eof, err = true, nil
	}
	if err != nil {
		return unreadable(err, s.base+int64(len(s.window)))
	}
	if s.base == 0 && start == 0 {
		mark, err := checkEncoding(s.window)
		s.window = s.window[:copy(s.window, s.window[mark:])]
		s.base += int64(mark)
		return err
	}
	return nil
}

// scan finds the whole features in the window and returns how much of it is used up.
func (s *splitter) scan() (int, error) {
	at := 0
	for {
		if at = skipSpace(s.window, at); at == len(s.window) {
			return at, nil
		}
		next, err := s.step(at)
		if err != nil || next < 0 {
			return at, err
		}
		at = next
	}
}

// step takes one thing at a place that is not white space, and returns the place
// behind it, or -1 when more bytes are needed.
func (s *splitter) step(at int) (int, error) {
	c := s.window[at]
	switch s.state {
	case top:
		switch c {
		case RecordSeparator:
			return at + 1, nil
		case '{':
			return s.text(at)
		}
		return 0, s.stranger(at)
	case firstElement, element:
		if c == ']' && s.state == firstElement {
			s.state = afterList
			return at + 1, nil
		}
		if !beginsValue(c) {
			return 0, s.stranger(at)
		}
		end := s.take(at)
		if end >= 0 {
			s.state = afterElement
		}
		return end, nil
	case afterElement:
		switch c {
		case ',':
			s.state = element
			return at + 1, nil
		case ']':
			s.state = afterList
			return at + 1, nil
		}
		return 0, lang.Errorf("byte %d: expected a comma or the end of the features, found %q: %w",
			s.base+int64(at), c, geo.ErrInvalid)
	}
	return s.afterList(at)
}

// take books the value at a place as a feature.
func (s *splitter) take(at int) int {
	end, depth := valueEnd(s.window, at)
	if end >= 0 {
		s.position++
		s.spans = append(s.spans, record.Span{Start: at, End: end, Position: s.position, Offset: s.base + int64(at),
			Deep: depth > s.limits.Depth})
	}
	return end
}

// stranger is the error of a byte that can begin nothing.
func (s *splitter) stranger(at int) error {
	if s.position == 0 && !s.seen {
		return notGeoJSON(string(s.window[at:min(at+16, len(s.window))]))
	}
	return lang.Errorf("byte %d, after feature %d: expected a feature, found %q: %w",
		s.base+int64(at), s.position, s.window[at], geo.ErrInvalid)
}

// end judges what is left when the file is over.
func (s *splitter) end() error {
	switch {
	case len(s.window) > 0 || s.state != top:
		return lang.Errorf("the file ends at byte %d, after %d complete features; nothing was imported; get a "+
			"fresh copy: %w",
			s.base+int64(len(s.window)), s.position, geo.ErrInvalid)
	case !s.seen:
		return lang.Errorf("the file is empty: %w", geo.ErrInvalid)
	}
	return io.EOF
}
