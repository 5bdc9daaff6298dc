package importer

import (
	"yizhan/internal/lang"
)

// How much of a long report is printed; the whole list is in its JSON form.
const (
	examplesShown = 5 // rejected rows of a cause
	fieldsShown   = 40
	manyRepeated  = 20 // keys, from which on the field may not be a key
)

// Text is the report as a planner reads it.
func (r *Report) Text(t lang.Tag) string {
	p := &printer{Tag: t}
	if r.Changes != nil {
		p.line(0, p.Sayf("%s → layer %s (%s), preview: nothing has been written", r.Source, r.Layer, r.Title))
	} else {
		p.line(0, p.Sayf("%s → layer %s (%s), batch %d", r.Source, r.Layer, r.Title, r.Batch))
	}
	r.printPublished(p)
	r.printFile(p)
	if r.Schema != nil {
		r.Schema.print(p, r.Layer)
	}
	if r.Changes != nil {
		p.line(1, p.Sayf("read %s; %s", lang.Thousands(r.Read), r.duration(p)))
		r.printChanges(p)
	} else {
		r.printCounts(p)
	}
	if r.Version != "" {
		p.line(1, p.Sayf("data version %s (tiles requested with ?at=%[1]s include this import)", r.Version))
	}
	r.printFields(p)
	r.printRejected(p)
	return p.text.String()
}

// printFile says how the file was read.
func (r *Report) printFile(p *printer) {
	if r.Format != "" {
		p.line(1, p.Sayf("format: %s, encoding %s (%s)", r.Format, r.Charset, r.CharsetBy))
	}
	if r.System != (lang.Label{}) {
		p.line(1, p.Sayf("coordinate system: %s, %s", r.System, r.SystemBy))
	}
	for _, warning := range r.Warnings {
		p.line(1, p.Sayf("WARNING: %s", warning))
	}
	for _, note := range r.Notes {
		p.line(1, p.Sayf("note: %s", note))
	}
	if r.Changes == nil || r.Sample == nil || len(r.Sample.Rows) == 0 {
		return
	}
	p.line(1, p.Sayf("first rows:"))
	for _, row := range r.Sample.Rows {
		var cells []string
		for i, cell := range row {
			if cell != "" {
				cells = append(cells, r.Sample.Fields[i]+"="+cell)
			}
		}
		p.line(3, p.list(cells))
	}
}

// printCounts says what was done.
func (r *Report) printCounts(p *printer) {
	done := []string{p.Sayf("inserted %s", lang.Thousands(r.Inserted)), p.Sayf("updated %s", lang.Thousands(r.Updated)),
		p.Sayf("unchanged %s", lang.Thousands(r.Unchanged))}
	if r.Deleted > 0 || r.Mode == "replace" {
		done = append(done, p.Sayf("deleted %s", lang.Thousands(r.Deleted)))
	}
	done = append(done, p.Sayf("rejected %s", lang.Thousands(r.Rejected)))
	p.line(1, p.Sayf("read %s: %s; %s", lang.Thousands(r.Read), p.list(done), r.duration(p)))
	switch {
	case r.Read == 0:
		p.line(1, p.Sayf("the file has no rows"))
	case r.Inserted+r.Updated+r.Deleted == 0 && r.Unchanged > 0:
		p.line(1, p.Sayf("the layer already has all rows; nothing was written"))
	case r.Rejected == r.Read:
		p.line(1, p.Sayf("no rows were imported"))
	}
}

// duration is how long it took and, when that says something, the rate.
func (r *Report) duration(p *printer) string {
	took := p.Sayf("%.1f s", r.Took.Seconds())
	if r.Took.Seconds() < 1 || r.Read == 0 {
		return took
	}
	return p.Sayf("%s (%s per second)", took, lang.Thousands(int64(r.Rate())))
}
