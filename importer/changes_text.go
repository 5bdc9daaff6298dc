package importer

import (
	"maps"
	"slices"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// printChanges says what would change, with examples of each.
func (r *Report) printChanges(p *printer) {
	c := r.Changes
	p.line(1, p.Sayf("would insert %s%s", lang.Thousands(c.Inserted.Rows), c.Inserted.extent()))
	r.printSample(p, c.Inserted)
	p.line(1, p.Sayf("would move %s%s", lang.Thousands(c.Moved.Rows), c.Moved.extent()))
	if c.Moved.Rows > 0 {
		p.line(3, p.Sayf("moved by %.2f m (median), at most %.2f m", c.Median, c.Farthest))
	}
	r.printSample(p, c.Moved)
	p.line(1, p.Sayf("would change attributes of %s%s", lang.Thousands(c.Edited.Rows), c.Edited.extent()))
	byCount := func(a, b string) int { return int(c.Fields[b] - c.Fields[a]) }
	for _, name := range slices.SortedFunc(maps.Keys(c.Fields), byCount) {
		p.line(3, p.Sayf("changes of field %s: %s", r.field(name), lang.Thousands(c.Fields[name])))
	}
	r.printSample(p, c.Edited)
	if r.Mode == "replace" || c.Deleted.Rows > 0 {
		p.line(1, p.Sayf("would delete %s%s", lang.Thousands(c.Deleted.Rows), c.Deleted.extent()))
		r.printSample(p, c.Deleted)
	}
	rest := []string{p.Sayf("unchanged %s", lang.Thousands(c.Unchanged)),
		p.Sayf("rejected %s", lang.Thousands(r.Rejected))}
	p.line(1, p.list(rest))
}

// extent says where the rows of a group lie.
func (g Group) extent() lang.Label {
	if g.Bounds == nil {
		return lang.Label{}
	}
	b := g.Bounds
	return lang.Bothf(" (longitude %.5f to %.5f, latitude %.5f to %.5f)", b[0], b[2], b[1], b[3])
}

// printSample prints the first rows of a group.
func (r *Report) printSample(p *printer, g Group) {
	for n, c := range g.Sample {
		if n == examplesShown {
			break
		}
		var parts []string
		if c.Position > 0 {
			parts = append(parts, r.Ordinal(c.Position).In(p.Tag))
		}
		if c.Key != "" {
			parts = append(parts, p.Sayf("key %s", c.Key))
		}
		if c.Metres > 0 {
			parts = append(parts, p.Sayf("moved %.2f m", c.Metres))
		}
		for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
			from, to := c.Fields[name][0], c.Fields[name][1]
			parts = append(parts, p.Sayf("%s: %s → %s", r.field(name), shownValue(from), shownValue(to)))
		}
		p.line(3, p.list(parts))
	}
}

// shownValue is a value of a field, or that it is empty.
func shownValue(text *string) lang.Label {
	if text == nil {
		return lang.Bothf("(empty)")
	}
	return lang.Quoted(short(*text))
}

// printPublished says who sees a new layer.
func (r *Report) printPublished(p *printer) {
	if r.Schema == nil {
		return
	}
	var private lang.List
	for _, g := range r.Schema.Fields {
		if g.Private {
			private = append(private, g.Field)
		}
	}
	says := lang.Clauses{lang.Bothf("published: visible to everybody")}
	if r.Changes != nil {
		says = lang.Clauses{lang.Bothf("would be published: visible to everybody")}
	}
	if len(private) > 0 {
		says = append(says, lang.Bothf("kept private: %s", private))
	}
	p.line(1, says.In(p.Tag))
}

// print says what layer was created.
func (s *Schema) print(p *printer, layer geo.LayerName) {
	key := lang.Label{EN: s.Key}
	if s.Key == "" {
		key = lang.Bothf("none (whole rows are compared)")
	}
	p.line(1, p.Sayf("new layer %s: %s, key %s", layer, kindTitle(s.Kind), key))
	for _, g := range s.Fields {
		filled := lang.Thousands(g.Filled)
		switch {
		case g.Dropped:
			p.line(3, p.Sayf("%s: skipped by --map", g.Field))
		case g.Private:
			p.line(3, p.Sayf("%s %s  ← %s (%s filled), kept private", g.Column, g.Type, g.Field, filled))
		default:
			p.line(3, p.Sayf("%s %s  ← %s (%s filled)", g.Column, g.Type, g.Field, filled))
		}
	}
}
