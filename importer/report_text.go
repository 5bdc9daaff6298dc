package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
)

// How much of a long report is printed; the whole list is in its JSON form.
const (
	examplesShown = 5 // rejected features of a cause
	fieldsShown   = 40
)

// Text is the report as a planner reads it, in Chinese ("zh") or English.
func (r *Report) Text(language string) string {
	p := &printer{language: language}
	p.say("%s → 图层 %s（%s），批次 %d", "%s → layer %s (%s), batch %d", r.Source, r.Layer, p.pick(r.Title), r.Batch)
	p.say("  读取 %s，新增 %s，更新 %s，未变 %s，拒绝 %s；用时 %s", "  read %s, inserted %s, updated %s, unchanged %s, rejected %s; %s",
		thousands(r.Read), thousands(r.Inserted), thousands(r.Updated), thousands(r.Unchanged), thousands(r.Rejected), r.duration(p))
	switch {
	case r.Read == 0:
		p.say("  文件里没有要素", "  The file has no features")
	case r.Inserted+r.Updated == 0 && r.Unchanged > 0:
		p.say("  图层里已经有这些要素，没有写入任何数据", "  The layer had them already; nothing was written")
	case r.Rejected == r.Read:
		p.say("  没有导入任何要素", "  Nothing was imported")
	}
	r.printUnknown(p)
	if r.Flattened > 0 {
		p.say("  舍去高程（只保留经度和纬度）的要素：%s 个", "  heights left out (longitude and latitude are kept), features: %s", thousands(r.Flattened))
	}
	if r.Rejected > 0 {
		p.say("  被拒绝的要素：", "  Rejected features:")
	}
	causes := slices.SortedFunc(slices.Values(r.Causes), func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Features, a.Features), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Field, b.Field))
	})
	for _, c := range causes {
		r.printCause(p, c)
	}
	return p.String()
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
	if c.Reason == DuplicateKey && c.Features*10 >= r.Read {
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
		p.say("        %s", "        %s", one.text(p))
	}
}

// text is one rejection in one line: which feature, its key, the value, what was wanted.
func (one Rejection) text(p *printer) string {
	b := fmt.Sprintf(p.pick(label("第 %s 个要素", "feature %s")), thousands(one.Position))
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
	fmt.Fprintf(p, p.pick(label(zh, en))+"\n", args...)
}

func (p *printer) pick(l geo.Label) string {
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
