package shapefile

import (
	"bytes"
	"strconv"
	"strings"

	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// mostNames is how many names a note lists.
const mostNames = 10

// nameFields gives the file its fields. Names have 10 bytes at most, and what would
// be longer was cut by the program that wrote them, even inside a character.
func (t *dbfTable) nameFields(f *record.File) {
	if left := t.columns(); len(left) > 0 {
		var names []string
		for _, field := range left {
			names = append(names, t.fieldName(field.raw)+" ("+strings.Trim(strconv.QuoteRune(rune(field.kind)),
				"'")+")")
		}
		f.Notes = append(f.Notes, lang.Bothf("fields of memo and other types were not read: %s",
			record.Quoted(names, mostNames)))
	}
	taken := make(map[string]bool, len(t.fields))
	for _, field := range t.fields {
		taken[t.fieldName(field.raw)] = true
	}
	seen := make(map[string]int, len(t.fields))
	var again []string
	for i := range t.fields {
		field := &t.fields[i]
		name := t.fieldName(field.raw)
		if name == "" {
			name = "field"
		}
		seen[name]++
		if n := seen[name]; n > 1 {
			next := name + "_" + strconv.Itoa(n)
			for ; taken[next]; next = name + "_" + strconv.Itoa(seen[name]) {
				seen[name]++
			}
			taken[next] = true
			again, name = append(again, next), next
		}
		field.name = []byte(name)
		f.Fields = append(f.Fields, record.Field{Name: name, Cut: t.cutName(field.raw)})
	}
	if len(again) > 0 {
		f.Notes = append(f.Notes, lang.Bothf("truncated field names were equal and got a number: %s",
			record.Quoted(again, mostNames)))
	}
}

// fieldName decodes a name without the broken character at its end.
func (t *dbfTable) fieldName(raw []byte) string {
	text, _ := decodeCut(t.charset, nil, raw, len(raw) >= dbfNameBytes-1)
	return strings.ToValidUTF8(string(bytes.TrimSpace(text)), "�")
}

// cutName says that a name may have been longer: no further character would fit.
func (t *dbfTable) cutName(raw []byte) bool {
	next := 1 // bytes of a further character
	switch {
	case charset.ASCII(raw):
	case t.charset.From == nil:
		next = 3
	default:
		next = 2
	}
	return len(raw)+next > dbfNameBytes-1
}
