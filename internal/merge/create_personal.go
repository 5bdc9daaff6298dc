package merge

import (
	"slices"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
)

// decidePersonal notes which fields of a new layer the planner leaves out or keeps
// private, and asks about every other that looks like data of persons.
func (c *creation) decidePersonal(schema *importer.Schema) error {
	var names []string
	for n := range schema.Fields {
		g := &schema.Fields[n]
		names = append(names, g.Field)
		column, mapped := c.order.mapping[g.Field]
		g.Dropped = mapped && column == ""
		g.Private = !g.Dropped && slices.Contains(c.order.Create.Keep, g.Field)
	}
	for _, field := range c.order.Create.Keep {
		if !slices.Contains(names, field) {
			return lang.Errorf("--keep-private: field %[2]q not found in %[1]s%[3]s: %w", c.order.file.Name, field,
				geo.Suggest(geo.Nearest(field, names)), geo.ErrInvalid)
		}
	}
	question := &importer.PersonalQuestion{Source: c.order.file.Name}
	for _, g := range schema.Fields {
		if said := c.order.Create.Key; g.Private && said != "" && (g.Field == said || g.Column == said) {
			return lang.Errorf("the key %q is shown in reports and tiles, so it cannot be kept private; "+
				"choose another --key, or - for none: %w", said, geo.ErrInvalid)
		}
		if g.Personal != nil && !g.Dropped && !g.Private {
			question.Fields = append(question.Fields, g)
		}
	}
	if len(question.Fields) > 0 {
		return question
	}
	return nil
}

// privateColumns are those that are kept in the table and never public.
func privateColumns(schema *importer.Schema) []string {
	columns := []string{}
	for _, g := range schema.Fields {
		if g.Private {
			columns = append(columns, g.Column)
		}
	}
	return columns
}

// hidePrivate takes the values of private fields out of what a preview shows.
func (t *target) hidePrivate(fields map[string][2]*string) {
	hidden := "***"
	for _, c := range t.Columns {
		if _, there := fields[c.Name]; there && c.Privacy == geo.Personal {
			fields[c.Name] = [2]*string{&hidden, &hidden}
		}
	}
}

// hidesValues reports whether what the ledger says of the layer's values is not told.
func (t *target) hidesValues() bool {
	return t.Layer.Privacy == geo.Personal ||
		slices.ContainsFunc(t.Layer.Fields, func(f geo.Field) bool { return f.Privacy == geo.Personal })
}
