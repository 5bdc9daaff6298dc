package importer

import (
	"maps"
	"slices"

	"yizhan/internal/lang"
)

// printFields says which fields went where, and how values were converted.
func (r *Report) printFields(p *printer) {
	for i, name := range slices.Sorted(maps.Keys(r.Mapped)) {
		if i == fieldsShown || r.Schema != nil {
			break
		}
		to := r.Mapped[name]
		p.line(1, p.Sayf("field %s → %s (%s)", name, r.field(to.Column), to.how()))
	}
	if r.personal {
		p.line(1, p.Sayf("personal layer: all its fields are personal, so the report shows no values"))
	}
	r.printUnknown(p)
	for _, n := range r.Noted {
		p.line(1, p.Sayf("field %s: %s", r.field(n.Field), n.What))
	}
	if r.Flattened > 0 {
		p.line(1, p.Sayf("heights not imported (only longitude and latitude are kept), rows: %s",
			lang.Thousands(r.Flattened)))
	}
	if r.Repaired == 0 {
		return
	}
	p.line(1, p.Sayf("geometries repaired (area changed by at most 1%%): %s", lang.Thousands(r.Repaired)))
	for i, one := range r.Repairs {
		if i == examplesShown {
			break
		}
		p.line(3, one.text(r, p))
	}
}

// how a field of the file was matched with the column.
func (m Mapped) how() lang.Label {
	switch m.By {
	case "alias":
		return lang.Bothf("alias")
	case "cut":
		return lang.Bothf("name truncated by the format")
	}
	return lang.Bothf("by mapping")
}

// printUnknown lists fields that the layer does not have.
func (r *Report) printUnknown(p *printer) {
	if len(r.Unknown) == 0 {
		return
	}
	var list lang.List
	for _, name := range slices.Sorted(maps.Keys(r.Unknown)) {
		if len(list) == fieldsShown {
			list = append(list, "…")
			break
		}
		if n := r.Unknown[name]; n != r.Read {
			name = p.Sayf("%s (in %s)", name, lang.Thousands(n))
		}
		list = append(list, name)
	}
	p.line(1, p.Sayf("fields not in the layer and not imported (%d): %s", len(r.Unknown), list))
}
