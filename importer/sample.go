package importer

import (
	"context"
	"errors"
	"io"
	"strings"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/importer/format"
	"yizhan/importer/persons"
	"yizhan/internal/lang"
)

// Sample is the beginning of a file as it was decoded: what its coordinate system
// is decided from, and what a preview shows of it.
type Sample struct {
	Fields  []string    `json:"fields"` // in the order in which they come
	Rows    [][]string  `json:"rows"`   // the first three, a text for each field
	Whole   bool        `json:"-"`      // the file has no more
	Records int64       `json:"-"`      // looked at
	Numbers crs.Numbers `json:"-"`      // first vertex of each
	Keys    []string    `json:"-"`      // text of the field that fills the key, by number; "" where there is none
}

// How much of a file is looked at, and shown.
const (
	sampleRecords = 4000
	sampleRows    = 3
	sampleText    = 40 // characters of a value shown
)

// Examine reads the beginning of a file. Keys are texts of the field that fills
// the target's key; target may be nil.
func Examine(ctx context.Context, f *format.File, target *Target) (*Sample, error) {
	cut, err := f.Cutter(ctx, &format.Pace{})
	if err != nil {
		return nil, err
	}
	defer cut.Close()
	s := &sampler{sample: &Sample{}, at: map[string]int{}}
	for _, field := range f.Fields {
		s.field(field.Name)
	}
	if target != nil && target.Layer.KeyColumn != "" {
		s.names, s.key = newNames(target, f.Fields), target.Layer.KeyColumn
		s.target = target
	}
	decoder, record := f.Decoder(), format.Record{}
	for b := (format.Batch{}); s.sample.Records < sampleRecords; {
		err := cut.Next(&b)
		if errors.Is(err, io.EOF) {
			s.sample.Whole = true
			break
		}
		if err != nil {
			return nil, lang.Errorf("%s: %w", f.Name, err)
		}
		for _, at := range b.Spans {
			if !at.Deep {
				decoder.Decode(b.Data[at.Start:at.End], &record)
				s.take(&record)
			}
		}
	}
	return s.sample, nil
}

type sampler struct {
	sample *Sample
	at     map[string]int // fields by name
	names  *names
	target *Target
	key    string
}

func (s *sampler) field(name string) int {
	i, known := s.at[name]
	if !known && len(s.at) < mostNames {
		i = len(s.sample.Fields)
		s.at[name] = i
		s.sample.Fields = append(s.sample.Fields, name)
	}
	return i
}

// take notes one record.
func (s *sampler) take(record *format.Record) {
	s.sample.Records++
	var row []string
	key := ""
	for _, v := range record.Values {
		i := s.field(string(v.Name))
		if len(s.sample.Rows) < sampleRows {
			for len(row) <= i {
				row = append(row, "")
			}
			row[i] = shown(string(v.Name), v.Text)
		}
		if s.names != nil {
			if to := s.names.find(string(v.Name)); to.column >= 0 && s.target.Columns[to.column].Name == s.key {
				key = readable(string(v.Text))
			}
		}
	}
	if len(s.sample.Rows) < sampleRows {
		s.sample.Rows = append(s.sample.Rows, row)
	}
	if xy := record.Shape.Coordinates; len(xy) >= 2 {
		s.sample.Numbers.X = append(s.sample.Numbers.X, xy[0])
		s.sample.Numbers.Y = append(s.sample.Numbers.Y, xy[1])
		s.sample.Keys = append(s.sample.Keys, key)
	}
}

// shown is a value as a preview shows it; values that look personal are hidden.
func shown(name string, text []byte) string {
	if kind, _ := persons.Numbers(text); kind != "" || len(text) > 0 && persons.Field(name) {
		return "***"
	}
	return short(string(text))
}

// readable is a text without what no ledger stores: NUL and invalid UTF-8.
func readable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\x00", "�")
}

// short keeps a value to what a preview shows.
func short(text string) string { return readable(lang.Clip(text, sampleText)) }

// Personal hides what a preview of a personal layer must not show.
func (s *Sample) Personal() *Sample {
	return &Sample{Fields: s.Fields, Records: s.Records, Numbers: s.Numbers, Keys: s.Keys}
}

// kindTitle is the name of a kind of geometry.
func kindTitle(k geo.Kind) lang.Label {
	switch k {
	case geo.Point:
		return lang.Bothf("points")
	case geo.Line:
		return lang.Bothf("lines")
	}
	return lang.Bothf("polygons")
}
