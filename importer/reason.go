package importer

import "yizhan/internal/lang"

// Reason is why a feature was rejected; the code is stable.
type Reason string

// Reasons of rejection.
const (
	NotFeature     Reason = "not_a_feature"
	BadJSON        Reason = "bad_json"
	TooDeep        Reason = "too_deep"
	TooLarge       Reason = "too_large"
	NoGeometry     Reason = "no_geometry"
	EmptyGeometry  Reason = "empty_geometry"
	WrongKind      Reason = "wrong_geometry_kind"
	SeveralParts   Reason = "several_parts"
	BadCoordinates Reason = "bad_coordinates"
	OutOfRange     Reason = "coordinates_out_of_range"
	SwappedAxes    Reason = "coordinates_swapped"
	BadRing        Reason = "bad_ring"
	InvalidShape   Reason = "invalid_geometry"
	MissingValue   Reason = "missing_value"
	WrongType      Reason = "wrong_type"
	BadText        Reason = "bad_text"
	NotListed      Reason = "not_in_list"
	RepeatedField  Reason = "repeated_field"
	DuplicateKey   Reason = "duplicate_key"
	BreaksRule     Reason = "breaks_rule"
	BadRecord      Reason = "bad_record"
	OutsideCity    Reason = "outside_city"
	ImpossibleDate Reason = "impossible_date"
	NearDuplicate  Reason = "near_duplicate"
	KeyTaken       Reason = "key_in_layer"
)

// Advice is what a reason means and what the planner can do, in both languages.
type Advice struct {
	What   lang.Label `json:"what"`
	Remedy lang.Label `json:"remedy"`
}

func label(zh, en string) lang.Label { return lang.Label{ZH: zh, EN: en} }

// Advice explains the reason.
func (r Reason) Advice() Advice {
	survey := label("请补测，或从文件中删去这些要素", "survey it, or take it out of the file")
	correct := label("请在原始数据中改正后重新导入", "correct it in the source and import the file again")
	switch r {
	case NotFeature:
		return Advice{label("不是 GeoJSON 要素（Feature）", "not a GeoJSON feature"), label("请检查文件结构，或重新导出", "check the structure of the file, or export it anew")}
	case BadJSON:
		return Advice{label("不是有效的 JSON", "not valid JSON"), label("文件可能已损坏，请重新导出", "the file may be damaged: export it anew")}
	case BadRecord:
		return Advice{label("这一行的结构不完整或列数不符", "a row that is broken or has another number of cells than the header"), label("请检查这一行的分隔符和引号", "look at its separators and quotes")}
	case TooDeep:
		return Advice{label("嵌套层数过多", "nested too deeply"), label("请简化这些要素的属性", "simplify its attributes")}
	case TooLarge:
		return Advice{label("顶点过多或文字过长", "too many vertices, or too long a text"), label("请简化或分割", "simplify or split it")}
	case NoGeometry:
		return Advice{label("没有几何（位置）", "no geometry"), survey}
	case EmptyGeometry:
		return Advice{label("几何为空", "empty geometry"), survey}
	case WrongKind:
		return Advice{label("几何类型与图层不符", "geometry of another type than the layer's"), label("请导入到几何类型相符的图层", "import it into a layer of that type")}
	case SeveralParts:
		return Advice{label("几何有多个部分，而图层每个要素只能有一个", "several parts, and the layer takes one a feature"),
			label("请拆分成单个要素，或请管理员把图层的几何列改为多部件（Multi）", "split it into features of one part, or have the layer's geometry column made a Multi one")}
	case BadCoordinates:
		return Advice{label("坐标不是经度、纬度两个数字", "coordinates that are not a pair of numbers"), correct}
	case OutOfRange:
		return Advice{label("坐标超出经纬度范围（±180、±90）", "coordinates outside ±180/±90 degrees"),
			label("文件可能是投影坐标（米），请用 --crs 指明坐标系", "the file may be in metres of a projected system: name it with --crs")}
	case OutsideCity:
		return Advice{label("在城市范围之外", "outside the city"),
			label("请检查坐标和坐标系（--crs）；确实要导入城市以外的数据时加 --anywhere", "check the coordinates and their system (--crs); if it is meant to lie elsewhere, add --anywhere")}
	case SwappedAxes:
		return Advice{label("纬度超出 ±90，经度和纬度可能写反了", "latitude beyond ±90: longitude and latitude seem to have changed places"),
			label("请用 --axes north-first 指明纬度在前，或按先经度后纬度的顺序重新导出", "say so with --axes north-first, or export the file anew with longitude first")}
	case BadRing:
		return Advice{label("多边形边界未闭合或不足四个点", "ring that is not closed, or has fewer than four points"), correct}
	case InvalidShape:
		return Advice{label("多边形无效（自相交、洞在外面等）", "invalid polygon (it crosses itself, a hole lies outside, …)"),
			label("请用 GIS 软件修复（如 QGIS“修正几何图形”）后重新导入", "repair it in a GIS (in QGIS: Fix geometries) and import the file again")}
	}
	return r.adviceOnValues(correct)
}

// adviceOnValues explains the reasons that lie in attributes.
func (r Reason) adviceOnValues(correct lang.Label) Advice {
	switch r {
	case MissingValue:
		return Advice{label("缺少必填的值", "required value missing"), label("请在原始数据中补全后重新导入", "fill it in and import the file again")}
	case WrongType:
		return Advice{label("值的类型不符", "value of another type than the field's"), correct}
	case BadText:
		return Advice{label("文字无法按文件的编码解读，或含有空字符", "text that cannot be read in the encoding of the file, or has a NUL character"), label("请用 --encoding 指明编码，或将文件另存为 UTF-8", "name the encoding with --encoding, or save the file as UTF-8")}
	case NotListed:
		return Advice{label("值不在允许的取值之内", "value that is not in the field's list"), correct}
	case RepeatedField:
		return Advice{label("同一个属性出现了两次", "the same member twice"), correct}
	case DuplicateKey:
		return Advice{label("编号与文件中更前面的要素重复（保留了最前面的一个）", "key of an earlier feature of the file (the first one was kept)"),
			label("请给每个要素不同的编号", "give every feature a key of its own")}
	case ImpossibleDate:
		return Advice{label("日期不存在", "a date that does not exist"), correct}
	case NearDuplicate:
		return Advice{label("与同类的另一个要素几乎在同一位置，可能重复测量", "in the same place as another of its kind: it may have been surveyed twice"),
			label("请核实后删去重复的一个，或改正位置", "find out which of the two is right, and take the other out of the file")}
	case KeyTaken:
		return Advice{label("图层中已有这个编号", "the layer has this key already"), label("要更新已有的要素请用 --mode merge", "to update what is there, import with --mode merge")}
	case BreaksRule:
		return Advice{label("不符合数据表的规定", "breaks a rule of the table"), correct}
	}
	return Advice{label(string(r), string(r)), correct}
}
