package importer

import (
	"fmt"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/persons"
	"yizhan/internal/lang"
)

// Suspicion is why a field looks like data of persons.
type Suspicion struct {
	Kind     persons.Kind `json:"kind"`
	Features int64        `json:"features,omitempty"` // with such a value; 0 where the field's name alone says it
	Samples  []string     `json:"samples"`            // the first, masked
}

// suspect gathers what speaks for data of persons in a field.
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

// concludes says whether the field looks like data of persons, and why. In a column of
// numbers a few may look so by chance; in any other one is enough.
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

// Label says what looks personal about a field.
func (s *Suspicion) Label() lang.Label {
	what := s.Kind.Title()
	samples := label("", "")
	if len(s.Samples) > 0 {
		samples = label("，如 "+strings.Join(s.Samples, "、"), ", such as "+strings.Join(s.Samples, ", "))
	}
	if s.Features == 0 {
		return label("字段名像个人信息"+samples.ZH, "is named like data of persons"+samples.EN)
	}
	n, contain := thousands(s.Features), "values contain"
	if s.Features == 1 {
		contain = "value contains"
	}
	return label(fmt.Sprintf("%s 个值含有%s%s", n, what.ZH, samples.ZH), fmt.Sprintf("%s %s %s%s", n, contain, what.EN, samples.EN))
}

// PersonalQuestion is the ErrInvalid of a new layer in which something looks like data
// of persons: the planner must say what becomes of each such field.
type PersonalQuestion struct {
	Source string
	Fields []Guess
}

// Label asks in both languages, with the two answers as they are typed.
func (q *PersonalQuestion) Label() lang.Label {
	var zh, en strings.Builder
	fmt.Fprintf(&zh, "%d 个字段疑似个人信息。新图层对所有人公开，因此未创建图层，未导入任何数据：", len(q.Fields))
	fmt.Fprintf(&en, "%d fields look like data of persons. A new layer is visible to everybody, "+
		"so no layer was created and nothing was imported:", len(q.Fields))
	var names, skipped []string
	for _, g := range q.Fields {
		why := g.Personal.Label()
		fmt.Fprintf(&zh, "\n  %s：%s", g.Field, why.ZH)
		fmt.Fprintf(&en, "\n  %s: %s", g.Field, why.EN)
		names, skipped = append(names, g.Field), append(skipped, "--map "+typed(g.Field+"="))
	}
	skip, keep := strings.Join(skipped, " "), typed(strings.Join(names, ","))
	fmt.Fprintf(&zh, "\n不导入这些字段：%s\n或只留在数据库中，不公开：--keep-private %s\n两者可按字段分别选用", skip, keep)
	fmt.Fprintf(&en, "\nto skip them: %s\nor to keep them in the table and show them to nobody: --keep-private %s"+
		"\neach field may be answered in its own way", skip, keep)
	return label(zh.String(), en.String())
}

// typed is a text as it is typed in a shell.
func typed(text string) string {
	if strings.ContainsAny(text, " \t'\"$`\\*?()[]{}<>|&;!#~") {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}

func (q *PersonalQuestion) Error() string { return q.Source + ": " + q.Label().EN }

// Unwrap makes it an ErrInvalid.
func (q *PersonalQuestion) Unwrap() error { return geo.ErrInvalid }
