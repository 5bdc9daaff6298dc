package importer

import "yizhan/internal/lang"

// note is something that was done to the values of a column so that they could be taken.
type note struct {
	kind   noteKind
	column int // -1: to the geometry
}

// noteKind is what was done; the code is stable.
type noteKind string

// What may be done to a value.
const (
	separatorsDropped noteKind = "separators"
	widthNarrowed     noteKind = "full_width"
	labelTaken        noteKind = "label"
	numberWritten     noteKind = "serial_date"
)

// Noted is what was done to the values of a field, and to how many.
type Noted struct {
	Kind     string     `json:"kind"`
	Field    string     `json:"field,omitempty"`
	Features int64      `json:"features"`
	What     lang.Label `json:"what"`
}

func (k noteKind) what() lang.Label {
	switch k {
	case separatorsDropped:
		return label("数字中的千位分隔符已去掉", "thousands separators taken out of numbers")
	case widthNarrowed:
		return label("全角字符按半角读取", "full-width characters read as ordinary ones")
	case labelTaken:
		return label("取值的名称已换成代码", "labels turned into the values they stand for")
	case numberWritten:
		return label("日期序号按电子表格的规则换成日期", "serial numbers of a spreadsheet turned into dates")
	}
	return label("几何已修复", "geometries repaired")
}
