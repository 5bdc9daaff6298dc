package importer

import (
	"cmp"
	"slices"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// printRejected says what was rejected and why, the commonest reason first.
func (r *Report) printRejected(p *printer) {
	if r.Rejected == 0 {
		return
	}
	p.line(1, p.Sayf("rejected rows:"))
	causes := slices.SortedFunc(slices.Values(r.Causes), func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Features, a.Features),
			cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Field, b.Field))
	})
	for _, c := range causes {
		r.printCause(p, c)
	}
	if n := r.Reasons[record.OutsideCity]; n == r.Rejected && n == r.Read {
		p.line(1, p.Sayf("all rows lie outside the city: the coordinate system may be wrong; "+
			"for data of another place, add --anywhere"))
	}
}

// printCause prints a reason, what to do, and the first rows concerned.
func (r *Report) printCause(p *printer, c Cause) {
	what := c.What.In(p.Tag)
	if c.Field != "" {
		what = p.Sayf("field %s: %s", r.field(c.Field), what)
	}
	p.line(2, p.Sayf("%s × %s [%s]", lang.Thousands(c.Features), what, c.Reason))
	p.line(4, p.Sayf("how to fix it: %s", c.Remedy))
	if c.Reason == record.DuplicateKey && c.Features >= manyRepeated && c.Features*10 >= r.Read {
		p.line(4, p.Sayf("so many rows repeat a key that %s may not identify single rows in this file "+
			"(road segments may share a number); "+
			"use another key field for the layer, or none", r.field(c.Field)))
	}
	var shown int64
	for _, one := range r.Listed {
		if one.Reason != c.Reason || one.Field != c.Field {
			continue
		}
		if shown++; shown > examplesShown {
			p.line(4, p.Sayf("… and %s more", lang.Thousands(c.Features-examplesShown)))
			return
		}
		p.line(4, one.text(r, p))
	}
}

// text is one rejection in one line: which row, its key, and what is wrong with the value.
func (one Rejection) text(r *Report, p *printer) string {
	row := r.Ordinal(one.Position)
	if one.Key != "" {
		row = lang.Bothf("%s (key %s)", row, one.Key)
	}
	value := lang.Label{EN: one.Value}
	if one.Value != "" && one.Field != "" {
		value = lang.Quoted(one.Value)
	}
	none := lang.Label{}
	switch {
	case value == none && one.Detail == none:
		return row.In(p.Tag)
	case value == none:
		return p.Sayf("%s: %s", row, one.Detail)
	case one.Detail == none:
		return p.Sayf("%s: %s", row, value)
	case one.Predicate:
		return p.Sayf("%s: %s is %s", row, value, one.Detail)
	}
	return p.Sayf("%s: %s: %s", row, value, one.Detail)
}
