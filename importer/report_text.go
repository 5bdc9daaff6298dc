package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yizhan/internal/lang"
	"yizhan/internal/visible"
)

// How much of a long report is printed; the whole list is in its JSON form.
const (
	examplesShown = 5 // rejected features of a cause
	fieldsShown   = 40
	manyRepeated  = 20 // keys, from which on the field may be no key
)

// Text is the report as a planner reads it, in Chinese ("zh") or English.
func (r *Report) Text(language string) string {
	p := &printer{language: language}
	if r.Changes != nil {
		p.say("%s → 图层 %s（%s），预览：还没有写入任何数据", "%s → layer %s (%s), preview: nothing has been written", r.Source, r.Layer, p.pick(r.Title))
	} else {
		p.say("%s → 图层 %s（%s），批次 %d", "%s → layer %s (%s), batch %d", r.Source, r.Layer, p.pick(r.Title), r.Batch)
	}
	r.printPublished(p)
	r.printFile(p)
	if r.Schema != nil {
		r.Schema.print(p, r.Layer)
	}
	if r.Changes != nil {
		p.say("  读取 %s；用时 %s", "  read %s; %s", thousands(r.Read), r.duration(p))
		r.printChanges(p)
	} else {
		r.printCounts(p)
	}
	if r.Version != "" {
		p.say("  版本 %s（瓦片地址加 ?at=%s，就不会比这次导入旧）", "  version %s (a tile asked for with ?at=%s is not older than this import)", r.Version, r.Version)
	}
	r.printFields(p)
	r.printRejected(p)
	return p.String()
}

// printFile tells how the file was read.
func (r *Report) printFile(p *printer) {
	if r.Format != "" {
		p.say("  格式 %s，文字编码 %s（%s）", "  format %s, text in %s (%s)", r.Format, r.Charset, p.pick(r.CharsetBy))
	}
	if r.System != (lang.Label{}) {
		p.say("  坐标系 %s；%s", "  coordinates in %s; %s", p.pick(r.System), p.pick(r.SystemBy))
	}
	for _, warning := range r.Warnings {
		p.say("  注意：%s", "  WARNING: %s", p.pick(warning))
	}
	for _, note := range r.Notes {
		p.say("  说明：%s", "  note: %s", p.pick(note))
	}
	if r.Changes == nil || r.Sample == nil || len(r.Sample.Rows) == 0 {
		return
	}
	p.say("  前 %d 行：", "  first %d rows:", len(r.Sample.Rows))
	for _, row := range r.Sample.Rows {
		var cells []string
		for i, cell := range row {
			if cell != "" {
				cells = append(cells, r.Sample.Fields[i]+"="+cell)
			}
		}
		p.say("      %s", "      %s", strings.Join(cells, p.pick(label("，", ", "))))
	}
}

// printCounts tells what was done.
func (r *Report) printCounts(p *printer) {
	deleted := ""
	if r.Deleted > 0 || r.Mode == "replace" {
		deleted = fmt.Sprintf(p.pick(label("，删除 %s", ", deleted %s")), thousands(r.Deleted))
	}
	p.say("  读取 %s，新增 %s，更新 %s，未变 %s%s，拒绝 %s；用时 %s", "  read %s, inserted %s, updated %s, unchanged %s%s, rejected %s; %s",
		thousands(r.Read), thousands(r.Inserted), thousands(r.Updated), thousands(r.Unchanged), deleted, thousands(r.Rejected), r.duration(p))
	switch {
	case r.Read == 0:
		p.say("  文件里没有要素", "  The file has no features")
	case r.Inserted+r.Updated+r.Deleted == 0 && r.Unchanged > 0:
		p.say("  图层里已经有这些要素，没有写入任何数据", "  The layer had them already; nothing was written")
	case r.Rejected == r.Read:
		p.say("  没有导入任何要素", "  Nothing was imported")
	}
}

// printFields tells which fields went where, and what was done to values.
func (r *Report) printFields(p *printer) {
	for i, field := range slices.Sorted(maps.Keys(r.Mapped)) {
		if i == fieldsShown || r.Schema != nil {
			break
		}
		to := r.Mapped[field]
		how := map[string]lang.Label{"alias": label("别名", "another name of it"), "cut": label("被截断的字段名", "cut off by the format"),
			"mapping": label("按指定的对应", "as the mapping says")}[to.By]
		p.say("  字段 %s → %s（%s）", "  field %s → %s (%s)", field, to.Column, p.pick(how))
	}
	if r.personal {
		p.say("  个人信息图层：所有字段均为个人信息，报告不显示任何取值", "  a layer of persons: all its fields are personal, and the report shows no value")
	}
	r.printUnknown(p)
	for _, n := range r.Noted {
		field := ""
		if n.Field != "" {
			field = fmt.Sprintf(p.pick(label("字段 %s：", "field %s: ")), n.Field)
		}
		p.say("  %s%s（%s 个）", "  %s%s (%s)", field, p.pick(n.What), thousands(n.Features))
	}
	if r.Flattened > 0 {
		p.say("  舍去高程（只保留经度和纬度）的要素：%s 个", "  heights left out (longitude and latitude are kept), features: %s", thousands(r.Flattened))
	}
	if r.Repaired == 0 {
		return
	}
	p.say("  已修复的几何（面积变化不超过 1%%）：%s 个", "  geometries repaired (their area changed by 1%% at most): %s", thousands(r.Repaired))
	for i, one := range r.Repairs {
		if i == examplesShown {
			break
		}
		p.say("      %s", "      %s", one.text(r, p))
	}
}

// printRejected tells what was rejected and why, the commonest reason first.
func (r *Report) printRejected(p *printer) {
	if r.Rejected == 0 {
		return
	}
	p.say("  被拒绝的要素：", "  Rejected features:")
	causes := slices.SortedFunc(slices.Values(r.Causes), func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Features, a.Features), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Field, b.Field))
	})
	for _, c := range causes {
		r.printCause(p, c)
	}
	if n := r.Reasons[OutsideCity]; n == r.Rejected && n == r.Read {
		p.say("  全部要素都在城市范围之外：可能选错了坐标系；若确实是别处的数据，请加 --anywhere", "  All features lie outside the city: the coordinate system may be wrong; if the data are of another place, add --anywhere")
	}
}

// duration is how long it took and, when that says something, the rate.
func (r *Report) duration(p *printer) string {
	took := fmt.Sprintf(p.pick(label("%.1f 秒", "%.1f s")), r.Took.Seconds())
	if r.Took.Seconds() < 1 || r.Read == 0 {
		return took
	}
	return took + fmt.Sprintf(p.pick(label("（每秒 %s 个）", " (%s a second)")), thousands(int64(r.Rate())))
}

func (r *Report) printUnknown(p *printer) {
	if len(r.Unknown) == 0 {
		return
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(r.Unknown)) {
		if len(list) == fieldsShown {
			list = append(list, "…")
			break
		}
		if n := r.Unknown[name]; n != r.Read {
			name += fmt.Sprintf(p.pick(label("（%s 个要素有）", " (%s×)")), thousands(n))
		}
		list = append(list, name)
	}
	p.say("  未导入的字段（图层没有，共 %d 个）：%s", "  fields left out (the layer does not have them, %d): %s",
		len(r.Unknown), strings.Join(list, p.pick(label("、", ", "))))
}

// printCause prints a reason, what to do, and the first features concerned.
func (r *Report) printCause(p *printer, c Cause) {
	field := ""
	if c.Field != "" {
		field = fmt.Sprintf(p.pick(label("字段 %s：", "field %s: ")), c.Field)
	}
	p.say("    %s 个：%s%s [%s]", "    %s × %s%s [%s]", thousands(c.Features), field, p.pick(c.What), c.Reason)
	p.say("        办法：%s", "        remedy: %s", p.pick(c.Remedy))
	if c.Reason == DuplicateKey && c.Features >= manyRepeated && c.Features*10 >= r.Read {
		p.say("        重复很多：字段 %s 在这个文件里可能不是每个要素各自的编号（例如一条路分成几段、共用一个编号）；请为图层改用别的编号字段，或不用编号字段",
			"        So many repeat that %s may not number single features in this file (the pieces of a road may share it): give the layer another key column, or none", c.Field)
	}
	var shown int64
	for _, one := range r.Listed {
		if one.Reason != c.Reason || one.Field != c.Field {
			continue
		}
		if shown++; shown > examplesShown {
			p.say("        …另有 %s 个", "        … and %s more", thousands(c.Features-examplesShown))
			return
		}
		p.say("        %s", "        %s", one.text(r, p))
	}
}

// text is one rejection in one line: which feature, its key, the value, what was wanted.
func (one Rejection) text(r *Report, p *printer) string {
	b := p.pick(r.Ordinal(one.Position))
	if one.Key != "" {
		b += fmt.Sprintf(p.pick(label("（编号 %s）", " (key %s)")), one.Key)
	}
	var rest []string
	switch {
	case one.Value != "" && one.Field != "":
		rest = append(rest, strconv.Quote(one.Value))
	case one.Value != "":
		rest = append(rest, one.Value)
	}
	if detail := p.pick(one.Detail); detail != "" {
		rest = append(rest, detail)
	}
	switch {
	case len(rest) == 0:
		return b
	case one.Value == "":
		return b + p.pick(label("，", ", ")) + rest[0]
	}
	return b + p.pick(label("：", ": ")) + strings.Join(rest, p.pick(label("，", "; ")))
}

// printer collects lines in one language.
type printer struct {
	strings.Builder
	language string
}

func (p *printer) say(zh, en string, args ...any) {
	fmt.Fprintln(p, visible.Line(fmt.Sprintf(p.pick(label(zh, en)), args...)))
}

func (p *printer) pick(l lang.Label) string {
	if p.language == "zh" {
		return l.ZH
	}
	return l.EN
}

// thousands writes 12345 as 12,345.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
