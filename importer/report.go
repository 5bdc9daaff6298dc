package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"yizhan/geo"
)

// Reason is why a feature was rejected; the code is stable.
type Reason string

// Reasons of rejection.
const (
	NotFeature     Reason = "not_a_feature"
	BadJSON        Reason = "bad_json"
	NoGeometry     Reason = "no_geometry"
	EmptyGeometry  Reason = "empty_geometry"
	WrongKind      Reason = "wrong_geometry_kind"
	BadCoordinates Reason = "bad_coordinates"
	OutOfRange     Reason = "coordinates_out_of_range"
	BadRing        Reason = "bad_ring"
	InvalidShape   Reason = "invalid_geometry"
	TooLarge       Reason = "too_large"
	MissingValue   Reason = "missing_value"
	WrongType      Reason = "wrong_type"
	NotListed      Reason = "not_in_list"
	RepeatedField  Reason = "repeated_field"
	DuplicateKey   Reason = "duplicate_key"
	BreaksRule     Reason = "breaks_rule"
)

// explanations say in both languages what is wrong and what to do.
func explanations() map[Reason]geo.Label {
	return map[Reason]geo.Label{
		NotFeature:     {ZH: "不是 Feature 对象；请检查文件结构", EN: "is not a Feature object; check the structure of the file"},
		BadJSON:        {ZH: "不是有效的 JSON；请重新导出", EN: "is not valid JSON; export the file anew"},
		NoGeometry:     {ZH: "没有几何；请补测或删去该行", EN: "has no geometry; survey it or leave the row out"},
		EmptyGeometry:  {ZH: "几何为空；请补测或删去该行", EN: "has an empty geometry; survey it or leave the row out"},
		WrongKind:      {ZH: "几何类型与图层不符；请导入到对应的图层", EN: "has a geometry of another kind than the layer; import it into a layer of that kind"},
		BadCoordinates: {ZH: "坐标不是数字；请改正", EN: "has coordinates that are not numbers; correct them"},
		OutOfRange:     {ZH: "坐标超出经纬度范围；文件可能是投影坐标，请先转换为 EPSG:4326", EN: "lies outside ±180/±90 degrees; the file may be in a projected system: convert it to EPSG:4326 first"},
		BadRing:        {ZH: "多边形边界未闭合或少于四个点；请改正", EN: "has a ring that is not closed or has fewer than four points; correct it"},
		InvalidShape:   {ZH: "多边形自相交等几何错误；请在 GIS 软件中修复", EN: "is an invalid polygon; repair it in a GIS"},
		TooLarge:       {ZH: "顶点或文字过多；请简化或分割", EN: "has too many vertices or too long a text; simplify or split it"},
		MissingValue:   {ZH: "缺少必填字段；请补全", EN: "lacks a required value; fill it in"},
		WrongType:      {ZH: "字段值类型不符；请改正", EN: "has a value that is not of the field's type; correct it"},
		NotListed:      {ZH: "字段值不在允许的取值内；请按图层说明改正", EN: "has a value that is not in the field's list; see the layer's description"},
		RepeatedField:  {ZH: "同一字段出现两次；请删去一个", EN: "has the same field twice; leave one out"},
		DuplicateKey:   {ZH: "编号与文件中前面的要素重复，保留了第一个；请改正编号", EN: "has the key of an earlier feature of the file, which was kept; correct the key"},
		BreaksRule:     {ZH: "不满足数据表的约束；请改正", EN: "breaks a rule of the table; correct it"},
	}
}

// Rejection is one feature that was not taken, and why. For a personal layer key and value stay empty.
type Rejection struct {
	Position int64  `json:"position"` // 1 for the first feature of the file
	Key      string `json:"key,omitempty"`
	Field    string `json:"field,omitempty"`
	Value    string `json:"value,omitempty"`
	Reason   Reason `json:"reason"`
	Detail   string `json:"detail,omitempty"`
}

// maxListed is how many rejections a report lists; all are counted.
const maxListed = 1000

// Report says what became of a file.
type Report struct {
	Batch     int64            `json:"batch"`
	Layer     geo.LayerName    `json:"layer"`
	Source    string           `json:"source"`
	SHA256    string           `json:"sha256"`
	Read      int64            `json:"read"`
	Inserted  int64            `json:"inserted"`
	Updated   int64            `json:"updated"`
	Unchanged int64            `json:"unchanged"`
	Rejected  int64            `json:"rejected"`
	Reasons   map[Reason]int64 `json:"reasons"`
	Listed    []Rejection      `json:"rejections"`
	Unknown   map[string]int64 `json:"unknown_fields"` // fields that the layer does not have, and how often
	Flattened int64            `json:"flattened"`      // features whose heights were left out
	Took      time.Duration    `json:"took_ns"`
	Present   []bool           `json:"-"` // by column: some feature had it
}

// Reject counts a rejection and lists it while there is room.
func (r *Report) Reject(one Rejection) {
	r.Rejected++
	r.Reasons[one.Reason]++
	if len(r.Listed) < maxListed {
		r.Listed = append(r.Listed, one)
	}
}

// Text is the report as a planner reads it, in Chinese ("zh") or English.
func (r *Report) Text(language string) string {
	var b strings.Builder
	say := func(zh, en string, args ...any) {
		if language == "zh" {
			en = zh
		}
		fmt.Fprintf(&b, en+"\n", args...)
	}
	say("%s → 图层 %s（批次 %d）", "%s → layer %s (batch %d)", r.Source, r.Layer, r.Batch)
	say("  读取 %d，新增 %d，更新 %d，未变 %d，拒绝 %d；用时 %.1f 秒", "  read %d, inserted %d, updated %d, unchanged %d, rejected %d; %.1f s",
		r.Read, r.Inserted, r.Updated, r.Unchanged, r.Rejected, r.Took.Seconds())
	for _, name := range slices.Sorted(maps.Keys(r.Unknown)) {
		say("  图层没有字段“%s”，未导入（%d 个要素）", "  the layer has no field %q; it was left out (%d features)", name, r.Unknown[name])
	}
	if r.Flattened > 0 {
		say("  %d 个要素的高程未导入", "  the heights of %d features were left out", r.Flattened)
	}
	if r.Rejected == 0 {
		return b.String()
	}
	explain := explanations()
	reasons := slices.SortedFunc(maps.Keys(r.Reasons), func(a, b Reason) int { return cmp.Compare(r.Reasons[b], r.Reasons[a]) })
	for _, reason := range reasons {
		say("  %d 个要素：%s", "  %d features: %s", r.Reasons[reason], pick(language, explain[reason]))
	}
	const shown = 20
	for _, one := range r.Listed[:min(len(r.Listed), shown)] {
		b.WriteString("    " + one.line(language) + "\n")
	}
	if r.Rejected > shown {
		say("    …另有 %d 个", "    … and %d more", r.Rejected-shown)
	}
	return b.String()
}

func (one Rejection) line(language string) string {
	parts := []string{fmt.Sprintf(pick(language, geo.Label{ZH: "第 %d 个要素", EN: "feature %d"}), one.Position)}
	if one.Key != "" {
		parts = append(parts, one.Key)
	}
	if one.Field != "" {
		field := one.Field
		if one.Value != "" {
			field += fmt.Sprintf(" = %q", one.Value)
		}
		parts = append(parts, field)
	}
	parts = append(parts, string(one.Reason))
	if one.Detail != "" {
		parts = append(parts, one.Detail)
	}
	return strings.Join(parts, "; ")
}

func pick(language string, l geo.Label) string {
	if language == "zh" {
		return l.ZH
	}
	return l.EN
}
