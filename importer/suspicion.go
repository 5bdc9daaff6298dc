package importer

import (
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/persons"
	"yizhan/internal/lang"
)

// Suspicion is why a field looks like personal data.
type Suspicion struct {
	Kind     persons.Kind `json:"kind"`
	Features int64        `json:"features,omitempty"` // with such a value; 0 where the field's name alone says it
	Samples  []string     `json:"samples"`            // the first, masked
}

// suspect collects the evidence for personal data in a field.
type suspect struct {
	filled  int64
	codes   int64 // values that are digits and nothing else
	likes   int64 // values that look like persons' names
	names   map[string]struct{}
	shown   []string // the first values, masked as what the field's name says
	likely  []string // the first that look like names, masked
	found   map[persons.Kind]*Suspicion
	numbers map[persons.Kind]*Suspicion // of the values that are digits and nothing else
}

// How many samples are shown, what share of a column of codes or of short words must
// look personal, and how many different names make a column of names.
const (
	suspectSamples = 2
	suspectCodes   = 0.2
	suspectNames   = 0.8
	fewestNames    = 2
	mostNamesKept  = 100
)

func (s *suspect) take(text string) {
	s.filled++
	if len(s.shown) < suspectSamples {
		s.shown = append(s.shown, persons.Mask(persons.FieldName, text))
	}
	if persons.LikeName(text) {
		s.likes++
		if s.names == nil {
			s.names = map[string]struct{}{}
		}
		if len(s.names) < mostNamesKept {
			s.names[text] = struct{}{}
		}
		s.likely = sampled(s.likely, persons.Name, text)
	}
	kind, found := persons.Text(text)
	into := &s.found
	if code := strings.TrimSuffix(text, ".0"); allDigits(code) {
		s.codes++
		into = &s.numbers
	}
	if kind == "" {
		return
	}
	if *into == nil {
		*into = map[persons.Kind]*Suspicion{}
	}
	one := (*into)[kind]
	if one == nil {
		one = &Suspicion{Kind: kind}
		(*into)[kind] = one
	}
	one.Features++
	one.Samples = sampled(one.Samples, kind, found)
}

func sampled(list []string, kind persons.Kind, text string) []string {
	masked := persons.Mask(kind, text)
	if len(list) < suspectSamples && !slices.Contains(list, masked) {
		list = append(list, masked)
	}
	return list
}

// concludes says whether the field looks like personal data, and why. In a column of
// numbers a few may match by chance; in any other one is enough.
func (s *suspect) concludes(field string) *Suspicion {
	var most *Suspicion
	for _, found := range []map[persons.Kind]*Suspicion{s.found, s.numbers} {
		for _, one := range found {
			if s.codes == s.filled && float64(one.Features) < suspectCodes*float64(s.filled) {
				continue
			}
			if most == nil || one.Features > most.Features || one.Features == most.Features && one.Kind < most.Kind {
				most = one
			}
		}
	}
	switch {
	case most != nil:
		return most
	case len(s.names) >= fewestNames && float64(s.likes) >= suspectNames*float64(s.filled):
		return &Suspicion{Kind: persons.Name, Features: s.likes, Samples: s.likely}
	case persons.Field(field):
		return &Suspicion{Kind: persons.FieldName, Samples: s.shown}
	}
	return nil
}

// Label says why a field looks personal.
func (s *Suspicion) Label() lang.Label {
	such := lang.Label{}
	if len(s.Samples) > 0 {
		such = lang.Bothf(", such as %s", lang.List(s.Samples))
	}
	if s.Features == 0 {
		return lang.Bothf("named like a field of personal data%s", such)
	}
	return lang.Bothf("%s (%s×)%s", s.Kind.Title(), lang.Thousands(s.Features), such)
}

// PersonalQuestion is the ErrInvalid of a new layer in which something looks like
// personal data: the planner must say what becomes of each such field.
type PersonalQuestion struct {
	Source string
	Fields []Guess
}

// Label asks in both languages, with the two answers as they are typed.
func (q *PersonalQuestion) Label() lang.Label {
	return lang.Label{ZH: q.text(lang.Chinese), EN: q.text(lang.English)}
}

// In is the question in the language, with the file that it is about.
func (q *PersonalQuestion) In(t lang.Tag) string { return t.Sayf("%s: %s", q.Source, q.text(t)) }

func (q *PersonalQuestion) text(t lang.Tag) string {
	lines := []string{t.Sayf("%d of the fields may be personal data. A new layer is visible to everybody, "+
		"so no layer was created and nothing was imported:", len(q.Fields))}
	var names, skipped []string
	for _, g := range q.Fields {
		lines = append(lines, "  "+t.Sayf("%s: %s", g.Field, g.Personal.Label()))
		names, skipped = append(names, g.Field), append(skipped, "--map "+typed(g.Field+"="))
	}
	lines = append(lines,
		t.Sayf("to skip these fields: %s", strings.Join(skipped, " ")),
		t.Sayf("to keep them in the database without publishing them: --keep-private %s",
			typed(strings.Join(names, ","))),
		t.Sayf("choose for each field separately if you like"))
	return strings.Join(lines, "\n")
}

// typed is a text as it is typed in a shell.
func typed(text string) string {
	if strings.ContainsAny(text, " \t'\"$`\\*?()[]{}<>|&;!#~") {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}

func (q *PersonalQuestion) Error() string { return q.In(lang.English) }

// Unwrap makes it an ErrInvalid.
func (q *PersonalQuestion) Unwrap() error { return geo.ErrInvalid }
