package importer

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/internal/lang"
)

// Guess is a field of a file and the column that would hold it.
type Guess struct {
	Field   string        `json:"field"`  // as the file names it
	Cut     bool          `json:"-"`      // the format may have cut the name off
	Column  string        `json:"column"` // as the table would
	Type    geo.FieldType `json:"type"`
	Filled  int64         `json:"filled"`  // features with a value
	Longest int           `json:"longest"` // characters
	// a value in every row, no two the same; for fields named like a key
	Unique   bool       `json:"unique"`
	Dropped  bool       `json:"dropped,omitempty"`  // skipped by the planner
	Private  bool       `json:"private,omitempty"`  // kept in the table, and never public
	Personal *Suspicion `json:"personal,omitempty"` // why it looks like personal data; nil: it does not
}

// Schema is a layer that would hold a file.
type Schema struct {
	Kind     geo.Kind `json:"geometry"`
	Multi    bool     `json:"multi"`
	Fields   []Guess  `json:"fields"`
	Key      string   `json:"key,omitempty"` // column
	Features int64    `json:"features"`
}

// Infer reads a whole file and says what layer would hold it. A file of several
// kinds of geometry is ErrInvalid, unless one is wanted.
func Infer(ctx context.Context, f *format.File, wanted geo.Kind) (*Schema, error) {
	cut, err := f.Cutter(ctx, &format.Pace{})
	if err != nil {
		return nil, err
	}
	defer cut.Close()
	in := &inference{at: map[string]int{}, seed: maphash.MakeSeed(), kinds: map[geo.Kind]int64{}}
	for _, field := range f.Fields {
		in.field(field.Name).Cut = field.Cut
	}
	decoder, record := f.Decoder(), format.Record{}
	for b := (format.Batch{}); ; {
		err := cut.Next(&b)
		if errors.Is(err, io.EOF) {
			return in.schema(f, wanted)
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return nil, lang.Errorf("%s: %w", f.Name, err)
		}
		for _, at := range b.Spans {
			if !at.Deep {
				decoder.Decode(b.Data[at.Start:at.End], &record)
				in.take(&record)
			}
		}
	}
}

type inference struct {
	at       map[string]int
	fields   []*guessing
	seed     maphash.Seed
	kinds    map[geo.Kind]int64
	several  bool // a point feature of several points
	features int64
}

// guessing is what is still possible of a field.
type guessing struct {
	Guess
	possible []geo.FieldType
	hashes   []uint64 // of the values, of a field named like a key
	suspect  suspect
}

// keyLike matches the names of fields that number features.
var keyLike = regexp.MustCompile(
	`(?i)^(code|id|fid|gid|oid|objectid|osm_?id|uuid|globalid|.*(编号|编码|标识码|代码)|glbjbsm|bsm)$`)

func (in *inference) field(name string) *guessing {
	i, known := in.at[name]
	if !known {
		i = len(in.fields)
		in.at[name] = i
		in.fields = append(in.fields, &guessing{Guess: Guess{Field: name},
			possible: []geo.FieldType{geo.Integer, geo.Number, geo.Boolean, geo.Date, geo.Time}})
	}
	return in.fields[i]
}

func (in *inference) take(record *format.Record) {
	in.features++
	if s := &record.Shape; record.Fault == nil && s.Kind != "" {
		in.kinds[s.Kind]++
		in.several = in.several || s.Kind == geo.Point && s.Vertices() > 1
	}
	for _, v := range record.Values {
		if len(in.fields) >= mostNames && in.at[string(v.Name)] == 0 {
			continue
		}
		field := in.field(string(v.Name))
		if v.Kind != format.Null && len(bytes.TrimSpace(v.Text)) > 0 {
			field.take(v, in.seed)
		}
	}
}

func (g *guessing) take(v format.Value, seed maphash.Seed) {
	g.Filled++
	g.Longest = max(g.Longest, utf8.RuneCount(v.Text))
	if keyLike.MatchString(g.Field) {
		g.hashes = append(g.hashes, maphash.Bytes(seed, v.Text))
	}
	text := []byte(strings.TrimSpace(string(v.Text)))
	g.suspect.take(string(text))
	g.possible = slices.DeleteFunc(g.possible, func(t geo.FieldType) bool { return !fits(v.Kind, t, text) })
}

// longestNumber is how many digits are a number and not a code.
const longestNumber = 15

// fits reports whether a value may stand in a column of the type.
func fits(kind format.ValueKind, t geo.FieldType, text []byte) bool {
	var v value
	digits := strings.TrimLeft(string(text), "+-")
	coded := allDigits(digits) && (len(digits) > 1 && digits[0] == '0' || len(digits) > longestNumber)
	switch t {
	case geo.Integer:
		return kind != format.Boolean && !coded && v.setInteger(&Column{}, text) == nil
	case geo.Number:
		return kind != format.Boolean && !coded && v.setNumber(&Column{}, text) == nil
	case geo.Boolean:
		return kind == format.Boolean || kind == format.Text && len(text) > 1 && v.setBoolean(text) == nil
	case geo.Date:
		return kind == format.Text && len(text) <= len("2006年01月02日") && !coded && v.setDay(text) == nil
	}
	return kind == format.Text && !coded && v.setMoment(text) == nil
}

func allDigits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}

// schema concludes.
func (in *inference) schema(f *format.File, wanted geo.Kind) (*Schema, error) {
	s := &Schema{Features: in.features}
	switch {
	case len(in.kinds) == 0:
		return nil, lang.Errorf("%s: no usable geometry found; no layer was created: %w", f.Name, geo.ErrInvalid)
	case wanted != "" && in.kinds[wanted] == 0:
		return nil, lang.Errorf("%s: no %s found, but %d points, %d lines and %d polygons: %w",
			f.Name, kindTitle(wanted), in.kinds[geo.Point], in.kinds[geo.Line], in.kinds[geo.Polygon], geo.ErrInvalid)
	case len(in.kinds) > 1 && wanted == "":
		return nil, lang.Errorf("%s contains %d points, %d lines and %d polygons, but a layer holds one kind; "+
			"choose one with --kind point, line or polygon, and create a layer for each: %w",
			f.Name, in.kinds[geo.Point], in.kinds[geo.Line], in.kinds[geo.Polygon], geo.ErrInvalid)
	}
	s.Kind = wanted
	for kind := range in.kinds {
		if wanted == "" {
			s.Kind = kind
		}
	}
	s.Multi = s.Kind != geo.Point || in.several
	for _, g := range in.fields {
		g.Type = geo.Text
		if len(g.possible) > 0 && g.Filled > 0 {
			g.Type = g.possible[0]
		}
		slices.Sort(g.hashes)
		g.Unique = in.features > 0 && int64(len(slices.Compact(g.hashes))) == in.features
		g.Personal = g.suspect.concludes(g.Field)
		s.Fields = append(s.Fields, g.Guess)
	}
	return s, nil
}
