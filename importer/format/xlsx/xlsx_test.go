package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// book makes a workbook; rows of cells go to the sheet of their name.
func book(t testing.TB, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	path := filepath.Join(t.TempDir(), "设施.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// rowsOf fills a sheet from the row on.
func rowsOf(t testing.TB, f *excelize.File, sheet string, from int, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", from+i), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func openBook(t *testing.T, path string, o record.Options) *record.File {
	t.Helper()
	f, err := Open(t.Context(), recordtest.Input(path, o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		recordtest.Must(t, f.Close())
	})
	return f
}

type rowCase struct {
	name string
	fill func(t *testing.T, f *excelize.File)
	note string // among those of the file
	end  string
	want []string
}

func rowCases() []rowCase {
	const code = "4113022021" + "0630001" // 17 digits, too long for a number
	return []rowCase{
		{"the header is the first row", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度", "数量", "启用"},
				[]any{"座椅一", 112.5224433, 32.9926469, 3, true})
		}, "sheet \"Sheet1\": its header is row 1", "",
			[]string{"2 | point 112.5224433 32.9926469 | 名称='座椅一' | 数量=3 | 启用=true"}},
		{"a title, a line about the table and a blank row stand above the header",
			func(t *testing.T, f *excelize.File) {
				rowsOf(t, f, "Sheet1", 1, []any{"南阳市城市座椅台账"}, []any{"填报单位：城管局", nil, "日期：2021年6月"})
				recordtest.Must(t, f.MergeCell("Sheet1", "A1", "D1"))
				rowsOf(t, f, "Sheet1", 4, []any{"编号", "名称", "经度", "纬度"}, []any{"001", "座椅一", 112.5, 33}, nil,
					[]any{"002", "座椅二", 112.6, 33.1})
			}, "its header is row 4", "", []string{"5 | point 112.5 33 | 编号='001' | 名称='座椅一'",
				"7 | point 112.6 33.1 | 编号='002' | 名称='座椅二'"}},
		{"a header of two rows gives the lower names", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"名称", "坐标", nil, "尺寸", nil, "巡查", nil},
				[]any{nil, "经度", "纬度", "长", "宽", "日期", "人"}, []any{"座椅", 112.5, 33, 2, 1, "周一", "甲"})
			for _, r := range [][2]string{{"A1", "A2"}, {"B1", "C1"}, {"D1", "E1"}, {"F1", "G1"}} {
				recordtest.Must(t, f.MergeCell("Sheet1", r[0], r[1]))
			}
		}, "its header is rows 1 and 2", "", []string{"3 | point 112.5 33 | 名称='座椅' | 长=2 | 宽=1 | 日期='周一' | 人='甲'"}},
		{"a lower name that stands twice follows the upper one", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"经度", "纬度", "产权", nil, "养护", nil}, []any{nil, nil, "单位", "电话", "单位", "电话"},
				[]any{112.5, 33, "甲", 1, "乙", 2})
			for _, r := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "D1"}, {"E1", "F1"}} {
				recordtest.Must(t, f.MergeCell("Sheet1", r[0], r[1]))
			}
		}, "rows 1 and 2", "", []string{"3 | point 112.5 33 | 产权_单位='甲' | 产权_电话=1 | 养护_单位='乙' | 养护_电话=2"}},
		{"degrees and minutes, full-width digits and a column that is missing", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度"}, []any{"甲", `112°30′00″E`, `33°00′00″N`},
				[]any{"乙", "１１２．５", "３３"}, []any{"丙", "112.5"}, []any{"丁"})
		}, "", "", []string{"2 | point 112.5 33 | 名称='甲'", "3 | point 112.5 33 | 名称='乙'",
			"4 | !bad_coordinates 纬度  | 名称='丙'", "5 | !no_geometry 经度, 纬度  | 名称='丁'"}},
		{"totals are left out and named", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度", "数量"}, []any{"甲", 112.5, 33, 1},
				[]any{"小计：", nil, nil, 1}, []any{"乙", 112.5, 33, 2}, []any{"合 计", nil, nil, 3},
				[]any{"合计", 112.5, 33, 4})
		}, "", "skipped row 3: it is a total (小计)\nskipped row 5: it is a total (合计)",
			[]string{"2 | point 112.5 33 | 名称='甲' | 数量=1",
				"4 | point 112.5 33 | 名称='乙' | 数量=2", "6 | point 112.5 33 | 名称='合计' | 数量=4"}},
		{"codes keep their digits, and the planner hears of those that have lost some",
			func(t *testing.T, f *excelize.File) {
				rowsOf(t, f, "Sheet1", 1, []any{"编号", "文本", "经度", "纬度"}, []any{41130220210, "1.0", 112.5, 33},
					[]any{nil, code, 112.5, 33}, []any{nil, nil, 112.5, 33})
				recordtest.Must(t, f.SetCellDefault("Sheet1", "A3", "4.1130220210630003E+16"))
				recordtest.Must(t, f.SetCellDefault("Sheet1", "A4", "4.11302202106E+11"))
			}, "", "1 numbers have more than 15 digits", []string{"2 | point 112.5 33 | 编号=41130220210 | 文本='1.0'",
				"3 | point 112.5 33 | 编号=4.1130220210630003E+16 | 文本='" + code + "'",
				"4 | point 112.5 33 | 编号=411302202106 | 文本=null"}},
		{"errors are empty and counted, and so are formulas without a result", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度", "值"}, []any{"甲", 112.5, 33, nil},
				[]any{"乙", 112.5, 33, 7})
			recordtest.Must(t, f.SetCellFormula("Sheet1", "D2", "1+1"))
		}, "", "1 formulas have no stored result", []string{"2 | point 112.5 33 | 名称='甲' | 值=null",
			"3 | point 112.5 33 | 名称='乙' | 值=7"}},
		{"merged cells below the header have their value in the first", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"区", "经度", "纬度"}, []any{"卧龙", 112.5, 33}, []any{nil, 112.6, 33})
			recordtest.Must(t, f.MergeCell("Sheet1", "A2", "A3"))
		}, "1 ranges of merged cells", "", []string{"2 | point 112.5 33 | 区='卧龙'", "3 | point 112.6 33 | 区=null"}},
		{"names that come twice are told apart, and columns without a name are left out",
			func(t *testing.T, f *excelize.File) {
				rowsOf(t, f, "Sheet1", 1, []any{"备注", "经度\n（°）", "纬度", "备注", nil}, []any{"a", 112.5, 33, "b", "c"})
			}, "", "1 values are in columns without a name", []string{"2 | point 112.5 33 | 备注='a' | 备注_2='b'"}},
		{"of several sheets the one with coordinates is taken", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"说明", "内容"}, []any{"单位", "城管局"})
			_, err := f.NewSheet("窨井")
			recordtest.Must(t, err)
			rowsOf(t, f, "窨井", 1, []any{"名称", "经度", "纬度"}, []any{"甲", 112.5, 33})
		}, "sheet \"窨井\"", "", []string{"2 | point 112.5 33 | 名称='甲'"}},
		{"Chinese northing and easting", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"点号", "X坐标", "Y坐标"}, []any{"J1", 3652902.318, 38361899.844})
		}, "", "", []string{"2 | point 3.8361899844e+07 3.652902318e+06 | 点号='J1'"}},
		{"well-known text", func(t *testing.T, f *excelize.File) {
			rowsOf(t, f, "Sheet1", 1, []any{"名称", "WKT"}, []any{"路", "LINESTRING(112.5 33,112.6 33.1)"})
		}, "", "", []string{"2 | line 112.5 33, 112.6 33.1; ends [2] | 名称='路'"}},
	}
}

func TestXLSXRows(t *testing.T) {
	for _, test := range rowCases() {
		t.Run(test.name, func(t *testing.T) {
			f := openBook(t, book(t, func(f *excelize.File) { test.fill(t, f) }), record.Options{})
			lines, end := recordtest.Records(t, f)
			recordtest.Expect(t, lines, test.want...)
			if notes := recordtest.English(record.End{Notes: f.Notes}); !strings.Contains(notes, test.note) {
				t.Errorf("the notes are %q, without %q", notes, test.note)
			}
			if notes := recordtest.English(end); !strings.Contains(notes, test.end) || test.end == "" && notes != "" {
				t.Errorf("at the end the notes are %q, and should have %q", notes, test.end)
			}
		})
	}
}

func TestXLSXDates(t *testing.T) {
	for _, from1904 := range []bool{false, true} {
		path := book(t, func(f *excelize.File) {
			if from1904 {
				yes := true
				recordtest.Must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
			}
			serial := 44377.0 // 2021-06-30 in the system of 1900
			if from1904 {
				serial -= 1462
			}
			rowsOf(t, f, "Sheet1", 1, []any{"经度", "纬度", "日期", "时刻", "中文", "时间", "数"},
				[]any{112.5, 33, serial, serial + 1.0/3, serial, 1.0 / 3, serial})
			for cell, code := range map[string]string{"C2": "yyyy-mm-dd", "D2": "yyyy/m/d h:mm",
				"E2": `[$-804]yyyy"年"m"月"d"日";@`, "F2": "h:mm:ss", "G2": `#,##0.00_);[Red]\(#,##0.00\)`} {
				style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
				recordtest.Must(t, err)
				recordtest.Must(t, f.SetCellStyle("Sheet1", cell, cell, style))
			}
		})
		lines, _ := recordtest.Records(t, openBook(t, path, record.Options{}))
		number := "44377"
		if from1904 {
			number = "42915"
		}
		recordtest.Expect(t, lines,
			"2 | point 112.5 33 | 日期='2021-06-30' | 时刻='2021-06-30 08:00:00' | 中文='2021-06-30' | 时间='08:00:00' | "+
				"数="+number)
	}
}

func TestDateOf(t *testing.T) {
	tests := []struct {
		serial float64
		form   dateForm
		want   string
	}{
		{1, day, "1900-01-01"}, {59, day, "1900-02-28"}, {60, day, "1900-02-29"}, {61, day, "1900-03-01"},
		{44377.999999, moment, "2021-07-01"}, {0, day, ""}, {-1, day, ""}, {2958465, day, "9999-12-31"},
		{2958466, day, ""},
		{44377.5, day, "2021-06-30"}, {44377.5, clock, "2021-06-30 12:00:00"}, {0.5, clock, "12:00:00"},
	}
	for _, test := range tests {
		if got := dateOf(test.serial, test.form, false); got != test.want {
			t.Errorf("%v is %q, not %q", test.serial, got, test.want)
		}
	}
	for code, want := range map[string]dateForm{
		"General": noDate, "0.00": noDate, "0.00E+00": noDate, "@": noDate, `"day "0`: noDate, "[h]:mm": noDate,
		"[Red]0":     noDate,
		"yyyy-mm-dd": day, "mmm": day, "d/m": day, "hh:mm": clock, "yyyy/m/d h:mm;@": moment, `"`: noDate, "[": noDate,
		`\`: noDate,
	} {
		if got := dateFormOf(code); got != want {
			t.Errorf("%s is %d, not %d", code, got, want)
		}
	}
}

func TestXLSXRefused(t *testing.T) {
	write := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		recordtest.Must(t, os.WriteFile(path, content, 0o600))
		return path
	}
	two := func(f *excelize.File) {
		_, err := f.NewSheet("窨井")
		recordtest.Must(t, err)
		for _, sheet := range []string{"Sheet1", "窨井"} {
			rowsOf(t, f, sheet, 1, []any{"名称", "经度", "纬度"}, []any{"甲", 112.5, 33})
		}
	}
	good := book(t, two)
	whole, err := os.ReadFile(good)
	recordtest.Must(t, err)
	locked := excelize.NewFile()
	defer locked.Close()
	secret := filepath.Join(t.TempDir(), "secret.xlsx")
	recordtest.Must(t, locked.SaveAs(secret, excelize.Options{Password: "p"}))
	tests := []struct {
		name, path string
		options    record.Options
		want       string
	}{
		{"there is no such file", "none.xlsx", record.Options{}, "file not found"},
		{"an old workbook", write("a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more")), record.Options{},
			"save it as .xlsx"},
		{"a workbook with a password", secret, record.Options{}, "save it as .xlsx"},
		{"not a zip", write("b.xlsx", []byte("名称,经度,纬度\n")), record.Options{}, "is not an .xlsx workbook"},
		{"nothing at all", write("c.xlsx", nil), record.Options{}, "is not an .xlsx workbook"},
		{"truncated", write("d.xlsx", whole[:len(whole)/2]), record.Options{}, "truncated"},
		{"larger than the limit", good, record.Options{Limits: record.Limits{WorkbookBytes: 100}},
			"save its sheet as CSV"},
		{"unpacks to more than the limit", good, record.Options{Limits: record.Limits{UnpackedBytes: 1000}},
			"unpacks to more than 1000 bytes"},
		{"two sheets with coordinates", good, record.Options{}, "Sheet1, 窨井; choose one with --inside"},
		{"a sheet that is not there", good, record.Options{Inside: "井盖"}, `no sheet "井盖", only Sheet1, 窨井`},
		{"a column that is not there", good, record.Options{Inside: "窨井", X: "东", Y: "北"}, `column "东" not found`},
		{"more columns than taken", good, record.Options{Inside: "窨井", Limits: record.Limits{Columns: 2}},
			"read up to column 2"},
		{"no coordinates", book(t,
			func(f *excelize.File) { rowsOf(t, f, "Sheet1", 1, []any{"名称", "数量"}, []any{"甲", 1}) }), record.Options{},
			"no coordinate columns"},
		{"an empty sheet", book(t, func(*excelize.File) {}), record.Options{}, "all its sheets are empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(t.Context(), recordtest.Input(test.path, test.options))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
		})
	}
	f := openBook(t, good, record.Options{Inside: " 窨井"})
	if lines, _ := recordtest.Records(t, f); len(lines) != 1 {
		t.Errorf("%d records of the sheet that is named", len(lines))
	}
}

// repacked writes a workbook again with one part changed.
func repacked(t testing.TB, path, part string, change func([]byte) []byte) string {
	t.Helper()
	r, err := zip.OpenReader(path)
	recordtest.Must(t, err)
	defer r.Close()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, one := range r.File {
		in, err := one.Open()
		recordtest.Must(t, err)
		b, err := io.ReadAll(in)
		recordtest.Must(t, err)
		if one.Name == part {
			b = change(b)
		}
		to, err := w.Create(one.Name)
		recordtest.Must(t, err)
		_, err = to.Write(b)
		recordtest.Must(t, err)
	}
	recordtest.Must(t, w.Close())
	changed := filepath.Join(t.TempDir(), "changed.xlsx")
	recordtest.Must(t, os.WriteFile(changed, out.Bytes(), 0o600))
	return changed
}

func TestXLSXHostile(t *testing.T) {
	good := book(t, func(f *excelize.File) {
		rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度"}, []any{"甲", 112.5, 33}, []any{"乙", 112.5, 33})
	})
	const sheet = "xl/worksheets/sheet1.xml"
	replace := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte {
			if !bytes.Contains(b, []byte(from)) {
				t.Fatalf("the sheet has no %s: %s", from, b)
			}
			return bytes.Replace(b, []byte(from), []byte(to), 1)
		}
	}
	tests := []struct {
		name   string
		change func([]byte) []byte
		want   string
	}{
		{"the sheet breaks off between two rows",
			func(b []byte) []byte { return b[:bytes.Index(b, []byte(`<row r="3"`))] }, "ends after row 2"},
		{"the sheet breaks off in a cell", func(b []byte) []byte { return b[:bytes.Index(b, []byte(`<v>33`))+4] },
			"damaged"},
		{"a row beyond the last", replace(`<row r="3"`, `<row r="99999999999"`), "has a row"},
		{"a cell beyond the last column", replace(`r="B3"`, `r="ZZZZ3"`), "has a cell"},
		{"a text that is not there", replace(`t="s"><v>0<`, `t="s"><v>12345678<`), "refers to text"},
		{"a text below the first", replace(`t="s"><v>0<`, `t="s"><v>-1<`), "refers to text"},
		{"no XML", replace(`<row r="3"`, `<row r=3 <`), "damaged"},
		{"a cell that never ends", func(b []byte) []byte {
			at := bytes.Index(b, []byte(`<v>33`)) + 3
			return append(append(append([]byte(nil), b[:at]...), bytes.Repeat([]byte("3"), 3<<20)...), b[at:]...)
		}, "longer than 1048576 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := Open(t.Context(), recordtest.Input(repacked(t, good, sheet, test.change),
				record.Options{Limits: record.Limits{RecordBytes: 1 << 20}}))
			if err == nil {
				t.Fatalf("%s is opened", f.Name)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestXLSXBomb has a sheet of much more than it says it has.
func TestXLSXBomb(t *testing.T) {
	good := book(t, func(f *excelize.File) { rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度"}) })
	path := repacked(t, good, "xl/worksheets/sheet1.xml", func(b []byte) []byte {
		return append(b[:bytes.Index(b, []byte("</sheetData>"))],
			bytes.Repeat([]byte("<row><c><v>1</v></c></row>"), 1<<20)...)
	})
	if _, err := Open(t.Context(), recordtest.Input(path,
		record.Options{Limits: record.Limits{UnpackedBytes: 20 << 20}})); err == nil ||
		!strings.Contains(err.Error(), "unpacks to more than") {
		t.Errorf("an honest bomb gives %v", err)
	}
	b, err := os.ReadFile(path)
	recordtest.Must(t, err)
	said := binary.LittleEndian.AppendUint32(nil, uint32(sizeOfPart(t, path, "xl/worksheets/sheet1.xml")))
	at := bytes.LastIndex(b, said)
	copy(b[at:], []byte{0, 1, 0, 0})
	recordtest.Must(t, os.WriteFile(path, b, 0o600))
	if _, err := Open(t.Context(), recordtest.Input(path,
		record.Options{Limits: record.Limits{UnpackedBytes: 20 << 20}})); err == nil ||
		!strings.Contains(err.Error(), "damaged") {
		t.Errorf("a bomb that lies about its size gives %v", err)
	}
}

func sizeOfPart(t *testing.T, path, part string) uint64 {
	t.Helper()
	r, err := zip.OpenReader(path)
	recordtest.Must(t, err)
	defer r.Close()
	for _, one := range r.File {
		if one.Name == part {
			return one.UncompressedSize64
		}
	}
	t.Fatalf("there is no part %s", part)
	return 0
}

func TestXLSXOfOtherPrograms(t *testing.T) {
	good := book(t, func(f *excelize.File) {
		rowsOf(t, f, "Sheet1", 1, []any{"名称", "经度", "纬度", "值"}, []any{"甲", 112.5, 33, 1})
	})
	sheet := `<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>
<x:row><x:c t="inlineStr"><x:is><x:r><x:t>名</x:t></x:r><x:r><x:t>称</x:t></x:r><x:rPh><x:t>míng</x:t></x:rPh></x:is></x:c><x:c t="str"><x:v>经度</x:v></x:c><x:c t="str"><x:v>纬度</x:v></x:c><x:c t="inlineStr"><x:is><x:t>值</x:t></x:is></x:c></x:row>
<x:row/>
<x:row><x:c t="inlineStr"><x:is><x:t>甲_x000A_&amp;_x_</x:t></x:is></x:c><x:c><x:v>1.125E2</x:v></x:c><x:c t="n"><x:f>30+3</x:f><x:v>33</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>
<x:row r="9"><x:c r="D9" t="d"><x:v>2021-06-30T00:00:00</x:v></x:c><x:c r="B9"><x:v>112.5</x:v></x:c><x:c><x:v>33</x:v></x:c></x:row>
</x:sheetData><x:mergeCells><x:mergeCell ref="A9:A10"/><x:mergeCell ref="A0:?"/></x:mergeCells></x:worksheet>`
	f := openBook(t, repacked(t, good, "xl/worksheets/sheet1.xml", func([]byte) []byte { return []byte(sheet) }),
		record.Options{})
	lines, end := recordtest.Records(t, f)
	recordtest.Expect(t, lines, "3 | point 112.5 33 | 名称='甲\n&_x_' | 值=null",
		"9 | point 112.5 33 | 名称=null | 值='2021-06-30'")
	if notes := recordtest.English(end); !strings.Contains(notes, "1 cells hold an error such as #N/A") {
		t.Errorf("the errors are not told: %q", notes)
	}
	if notes := recordtest.English(record.End{Notes: f.Notes}); !strings.Contains(notes, "1 ranges of merged cells") {
		t.Errorf("the merged cells are not told: %q", notes)
	}
}

// TestXLSXAgreesWithExcelize reads a workbook of random cells both ways.
func TestXLSXAgreesWithExcelize(t *testing.T) {
	const seed = 20210630
	random := rand.New(rand.NewPCG(seed, 0))
	path := book(t, func(f *excelize.File) {
		rowsOf(t, f, "Sheet1", 1, []any{"经度", "纬度", "a", "b"})
		for row := 2; row < 500; row++ {
			rowsOf(t, f, "Sheet1", row, []any{random.NormFloat64() * 100, random.Float64(), random.Int64N(1 << 40),
				strings.Repeat("座 <&_x", random.IntN(4))})
		}
	})
	f := openBook(t, path, record.Options{})
	lines, _ := recordtest.Records(t, f)
	other, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	recordtest.Must(t, err)
	defer other.Close()
	rows, err := other.GetRows("Sheet1")
	recordtest.Must(t, err)
	for i, row := range rows[1:] {
		b := "null"
		if len(row) > 3 && row[3] != "" {
			b = "'" + row[3] + "'"
		}
		want := fmt.Sprintf("%d | point %s %s | a=%s | b=%s", i+2, plainNumber(t, row[0]), plainNumber(t, row[1]),
			row[2], b)
		if lines[i] != want {
			t.Fatalf("seed %d:\n got %s\nwant %s", seed, lines[i], want)
		}
	}
}

func plainNumber(t *testing.T, text string) string {
	t.Helper()
	var v float64
	_, err := fmt.Sscan(text, &v)
	recordtest.Must(t, err)
	return fmt.Sprint(v)
}

func FuzzXLSXSheet(f *testing.F) {
	path := book(f, func(b *excelize.File) {
		rowsOf(f, b, "Sheet1", 1, []any{"名称", "经度", "纬度"}, []any{"甲", 112.5, 33})
		recordtest.Must(f, b.MergeCell("Sheet1", "A3", "A4"))
	})
	b, err := openWorkbook(recordtest.Input(path, record.Options{}))
	recordtest.Must(f, err)
	part, err := b.parts[b.sheets[0].part].Open()
	recordtest.Must(f, err)
	seed, err := io.ReadAll(part)
	recordtest.Must(f, err)
	recordtest.Must(f, b.file.Close())
	f.Add(seed)
	f.Add([]byte(
		`<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>_xD800_</t></is></c></row></sheetData><mergeCell ref="A1:B1"/>`))
	in := recordtest.Input("fuzz.xlsx", record.Options{Limits: record.Limits{RecordBytes: 1 << 16, Columns: 100}})
	f.Fuzz(func(t *testing.T, sheet []byte) {
		part := func() *xmlStream { return newXMLStream(in, "sheet1.xml", io.NopCloser(bytes.NewReader(sheet))) }
		rows := &sheetRows{xmlStream: part(), book: &workbook{in: in, shared: [][]byte{[]byte("名称")},
			dates: []dateForm{noDate, day, moment, clock}}}
		var head sheetHead
		for len(head.rows) < 50 {
			row, err := rows.next()
			if err != nil {
				break
			}
			if len(row.cells) > 100 || row.number < 1 || row.number > lastRow {
				t.Fatalf("row %d with %d cells", row.number, len(row.cells))
			}
			if !row.blank() {
				head.rows = append(head.rows, row.clone())
			}
		}
		head.merges, _ = part().merges()
		if h, err := head.header(in.Options); err == nil && len(h.names) != len(h.columns) {
			t.Fatalf("%d names of %d columns", len(h.names), len(h.columns))
		}
	})
}

func BenchmarkXLSX(b *testing.B) {
	const rows, seed = 20_000, 1
	random := rand.New(rand.NewPCG(seed, 0))
	path := book(b, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		recordtest.Must(b, err)
		recordtest.Must(b, w.SetRow("A1", []any{"编号", "名称", "类型", "经度", "纬度", "数量", "备注", "日期"}))
		for i := range rows {
			recordtest.Must(b, w.SetRow(fmt.Sprintf("A%d", i+2),
				[]any{fmt.Sprintf("NY%06d", i), "座椅" + fmt.Sprint(i%100), "木制", 112 + random.Float64(), 32 +
					random.Float64(), random.IntN(10), "仲景路与人民路交叉口", 44377 + i%365}))
		}
		recordtest.Must(b, w.Flush())
	})
	recordtest.Drain(b, rows, func() (*record.File, error) {
		return Open(b.Context(), recordtest.Input(path, record.Options{}))
	})
}
