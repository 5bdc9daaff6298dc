package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"yizhan/geo"
)

// Changes is what an import would do, or did, to a layer.
type Changes struct {
	Inserted  Group            `json:"inserted"`
	Moved     Group            `json:"moved"`   // geometry changed; attributes may have too
	Edited    Group            `json:"edited"`  // attributes changed; the geometry may have too
	Deleted   Group            `json:"deleted"` // rows of the layer that are not in the file
	Unchanged int64            `json:"unchanged"`
	Fields    map[string]int64 `json:"fields,omitempty"` // rows in which each field changed
	Median    float64          `json:"moved_median_m"`   // of the distances moved, between centroids, in metres
	Farthest  float64          `json:"moved_farthest_m"`
}

// Group is rows to which the same happens.
type Group struct {
	Rows   int64       `json:"rows"`
	Bounds *[4]float64 `json:"bounds,omitempty"` // west, south, east, north in degrees
	Sample []Change    `json:"sample,omitempty"` // the first, none of a personal layer
}

// Change is one row that would change.
type Change struct {
	Position int64                 `json:"position,omitempty"` // in the file
	Key      string                `json:"key,omitempty"`
	Metres   float64               `json:"moved_m,omitempty"`
	Fields   map[string][2]*string `json:"fields,omitempty"` // from and to
}

// printChanges tells what would change, with a few of each.
func (r *Report) printChanges(p *printer) {
	c := r.Changes
	p.say("  将新增 %s%s", "  would insert %s%s", thousands(c.Inserted.Rows), p.within(c.Inserted))
	p.sample(r, c.Inserted)
	p.say("  将移动 %s%s", "  would move %s%s", thousands(c.Moved.Rows), p.within(c.Moved))
	if c.Moved.Rows > 0 {
		p.say("      移动距离：中位数 %.2f 米，最远 %.2f 米", "      by %.2f m (median), %.2f m at most", c.Median, c.Farthest)
	}
	p.sample(r, c.Moved)
	p.say("  将修改属性 %s%s", "  would change attributes of %s%s", thousands(c.Edited.Rows), p.within(c.Edited))
	for _, field := range slices.SortedFunc(maps.Keys(c.Fields), func(a, b string) int { return int(c.Fields[b] - c.Fields[a]) }) {
		p.say("      字段 %s：%s 个", "      field %s: %s", field, thousands(c.Fields[field]))
	}
	p.sample(r, c.Edited)
	if r.Mode == "replace" || c.Deleted.Rows > 0 {
		p.say("  将删除 %s%s", "  would delete %s%s", thousands(c.Deleted.Rows), p.within(c.Deleted))
		p.sample(r, c.Deleted)
	}
	p.say("  不变 %s，拒绝 %s", "  unchanged %s, rejected %s", thousands(c.Unchanged), thousands(r.Rejected))
}

// within is where the rows of a group lie.
func (p *printer) within(g Group) string {
	if g.Bounds == nil {
		return ""
	}
	b := g.Bounds
	return fmt.Sprintf(p.pick(label("（范围 %.5f–%.5f°E，%.5f–%.5f°N）", " (in %.5f–%.5f°E, %.5f–%.5f°N)")), b[0], b[2], b[1], b[3])
}

// sample prints the first rows of a group.
func (p *printer) sample(r *Report, g Group) {
	for n, c := range g.Sample {
		if n == examplesShown {
			break
		}
		var parts []string
		if c.Position > 0 {
			parts = append(parts, p.pick(r.Ordinal(c.Position)))
		}
		if c.Key != "" {
			parts = append(parts, fmt.Sprintf(p.pick(label("编号 %s", "key %s")), c.Key))
		}
		if c.Metres > 0 {
			parts = append(parts, fmt.Sprintf(p.pick(label("移动 %.2f 米", "moved %.2f m")), c.Metres))
		}
		for _, field := range slices.Sorted(maps.Keys(c.Fields)) {
			parts = append(parts, fmt.Sprintf("%s: %s → %s", field, quoted(c.Fields[field][0]), quoted(c.Fields[field][1])))
		}
		p.say("      %s", "      %s", strings.Join(parts, p.pick(label("，", ", "))))
	}
}

// printPublished says who sees a new layer, before anything else.
func (r *Report) printPublished(p *printer) {
	if r.Schema == nil {
		return
	}
	var private []string
	for _, g := range r.Schema.Fields {
		if g.Private {
			private = append(private, g.Field)
		}
	}
	but := ""
	if len(private) > 0 {
		but = fmt.Sprintf(p.pick(label("；不公开的字段：%s", "; kept private: %s")), strings.Join(private, p.pick(label("、", ", "))))
	}
	if r.Changes != nil {
		p.say("  将发布：对所有人公开%s", "  would be published: visible to everybody%s", but)
		return
	}
	p.say("  已发布：对所有人公开%s", "  published: visible to everybody%s", but)
}

// quoted is a value of a field, ∅ for none.
func quoted(text *string) string {
	if text == nil {
		return "∅"
	}
	return fmt.Sprintf("%q", short(*text))
}

// printSchema tells what layer was made.
func (s *Schema) print(p *printer, layer geo.LayerName) {
	kind := kindTitle(s.Kind)
	key := s.Key
	if key == "" {
		key = p.pick(label("无（按整行比较）", "none (rows are compared whole)"))
	}
	p.say("  新图层 %s：%s，编号字段 %s", "  new layer %s: %s, key %s", layer, p.pick(kind), key)
	for _, g := range s.Fields {
		switch {
		case g.Dropped:
			p.say("      %s：按 --map 不导入", "      %s: skipped, as --map says", g.Field)
			continue
		case g.Private:
			p.say("      %s %s  ← %s（%s 个有值），仅留存，不公开", "      %s %s  ← %s (%s with a value), kept private", g.Column, g.Type, g.Field, thousands(g.Filled))
			continue
		}
		p.say("      %s %s  ← %s（%s 个有值）", "      %s %s  ← %s (%s with a value)", g.Column, g.Type, g.Field, thousands(g.Filled))
	}
}
