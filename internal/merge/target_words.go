package merge

import (
	"fmt"
	"maps"
	"strings"

	"yizhan/geo"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// stagedType is the type of a column in the staging table: the layer's own where
// copySink knows its binary form, else text.
func (c column) stagedType() string {
	if _, known := wireForms()[c.base]; known {
		return c.declared
	}
	return "text"
}

// staged is the staging table's list of columns, behind those that every one has.
func (t *target) staged() string {
	var b strings.Builder
	for i, c := range t.columns {
		fmt.Fprintf(&b, ", c%d %s", i, c.stagedType())
	}
	return b.String()
}

// typed is the staging table as a subquery named staged, in the layer's names and types.
func (t *target) typed(staging string) string {
	var columns strings.Builder
	for i, c := range t.columns {
		cast := ""
		if c.stagedType() == "text" {
			cast = "::" + c.declared
		}
		fmt.Fprintf(&columns, ", c%d%s as %s", i, cast, pg.Quote(t.Columns[i].Name))
	}
	geometry := "yizhan_geom"
	if t.force != "" {
		geometry = t.force + "(yizhan_geom)"
	}
	return strings.TrimSpace(sql.Statement("queries/import_typed.sql",
		sql.Words{"staging": staging, "geometry": geometry, "geom": pg.Quote(t.Layer.GeomColumn),
			"typed_columns": columns.String()}))
}

// names are the lists of columns that statements are made of.
type names struct{ columns, fresh, mine, theirs, assignments []string }

// lists are those of the columns that the file has; present is by column.
func (t *target) lists(present []bool) names {
	geometry := pg.Quote(t.Layer.GeomColumn)
	n := names{[]string{geometry}, []string{"staged." + geometry}, []string{"target." + geometry},
		[]string{"staged." + geometry},
		[]string{geometry + " = staged." + geometry}}
	for i, c := range t.columns {
		if !present[i] {
			continue
		}
		name := pg.Quote(t.Columns[i].Name)
		fresh, theirs := "staged."+name, "staged."+name
		if c.notNull && c.standard != "" {
			fresh = "coalesce(staged." + name + ", " + c.standard + ")"
			theirs = "coalesce(staged." + name + ", target." + name + ")"
		}
		n.columns = append(n.columns, name)
		n.fresh = append(n.fresh, fresh)
		n.assignments = append(n.assignments, name+" = "+theirs)
		n.mine = append(n.mine, comparable("target."+name, c.base))
		n.theirs = append(n.theirs, comparable(theirs, c.base))
	}
	return n
}

// differing says of each column, but the geometry, whether it differs.
func (n names) differing() []string {
	list := []string{}
	for i := range n.mine[1:] {
		list = append(list, n.mine[i+1]+" is distinct from "+n.theirs[i+1])
	}
	return list
}

// comparable is an expression that can be compared where that of its type cannot.
func comparable(expression, base string) string {
	switch base {
	case "json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle":
		return "(" + expression + ")::text"
	}
	return expression
}

// view is how staged rows are seen by a statement.
type view struct {
	present []bool // the columns that the file has; nil means all
	certain bool   // polygons are known to be valid
}

// words are what the markers of statements on the layer stand for. Names come from the
// database's catalogue and are quoted; types, defaults and rules are as it prints them.
func (t *target) words(staging string, v view) sql.Words {
	present := v.present
	if present == nil {
		present = t.all()
	}
	n := t.lists(present)
	list := func(names []string) string { return strings.Join(names, ", ") }
	words := sql.Words{
		"layer": t.relation, "id": pg.Quote(t.Layer.IDColumn), "geom": pg.Quote(t.Layer.GeomColumn),
		"staging": staging, "staged_columns": t.staged(), "typed_rows": t.typed(staging),
		"as_staged": list(t.asStaged(present)),
		"columns":   list(n.columns), "mine": list(n.mine), "theirs": list(n.theirs), "fresh": list(n.fresh),
		"assignments": list(n.assignments), "differing": list(n.differing()),
		"rule_case": t.ruleCase(v.certain), "same_category": t.sameCategory(),
	}
	maps.Copy(words, t.keyWords())
	return words
}

// keyWords are those of the layer's key; a layer without one has none as text.
func (t *target) keyWords() sql.Words {
	for n, c := range t.Columns {
		if c.Name == t.Layer.KeyColumn {
			key := pg.Quote(c.Name)
			return sql.Words{"key": key, "key_text": "(staged." + key + ")::text", "key_type": t.columns[n].declared,
				"staged_key": fmt.Sprintf("c%d", n), "key_staged": t.columns[n].stagedType()}
		}
	}
	return sql.Words{"key_text": "null::text", "staged_key": "null", "key_staged": "text"}
}

// sameCategory is true of two points of one category; without categories all are.
func (t *target) sameCategory() string {
	if t.Layer.Facet == "" {
		return "true"
	}
	facet := pg.Quote(t.Layer.Facet)
	return "target." + facet + " is not distinct from staged." + facet
}

// asStaged are the layer's geometry and columns in the form in which they are
// staged; null stands for columns that the file does not have.
func (t *target) asStaged(present []bool) []string {
	list := []string{pg.Quote(t.Layer.GeomColumn)}
	for i, c := range t.columns {
		name := pg.Quote(t.Columns[i].Name)
		switch {
		case !present[i]:
			name = "null"
		case c.stagedType() != c.declared:
			name += "::text"
		}
		list = append(list, name)
	}
	return list
}

// ruleCase numbers the first rule that a row breaks: 1 is the shape of a polygon,
// 2 and on are the table's check constraints; "0" when there are no rules.
func (t *target) ruleCase(certain bool) string {
	var b strings.Builder
	b.WriteString("case")
	if t.Layer.Kind == geo.Polygon && !certain {
		b.WriteString(" when not st_isvalid(yizhan_shape) then 1")
	}
	for i, r := range t.rules {
		fmt.Fprintf(&b, " when (%s) is false then %d", r.expression, i+2)
	}
	if b.Len() == len("case") {
		return "0"
	}
	return b.String() + " else 0 end"
}

// all is every column of the target.
func (t *target) all() []bool {
	all := make([]bool, len(t.Columns))
	for n := range all {
		all[n] = true
	}
	return all
}
