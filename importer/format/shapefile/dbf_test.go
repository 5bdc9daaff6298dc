package shapefile

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/traditionalchinese"

	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// tableOf makes a set of null shapes and the table, and opens it.
func tableOf(t *testing.T, o record.Options, cpg string, language byte, columns []column,
	rows ...[]string) (f *record.File, lines []string) {
	t.Helper()
	files := map[string][]byte{".dbf": madeDBF(language, columns, rows...),
		".shp": madeSHP(1, make([][]byte, len(rows))...)}
	if cpg != "" {
		files[".cpg"] = []byte(cpg)
	}
	f = openSet(t, madeSet(t, files), o)
	lines, _ = recordtest.Records(t, f)
	for i, line := range lines {
		_, lines[i], _ = strings.Cut(line, " | ")
		if rest, ok := strings.CutPrefix(lines[i], "!bad_coordinates   | "); ok {
			lines[i] = rest
		}
	}
	return f, lines
}

func bits64(v uint64) string { return string(binary.LittleEndian.AppendUint64(nil, v)) }

func bits32(v ...uint32) (s string) {
	for _, one := range v {
		s += string(binary.LittleEndian.AppendUint32(nil, one))
	}
	return s
}

func TestDBFValues(t *testing.T) {
	const julian2021 = 2459396 // 2021-06-30
	tests := []struct {
		what string
		kind byte
		cell string
		want string
	}{
		{"a text", 'C', "座椅    ", "'座椅'"},
		{"a text that begins with blanks", 'C', "  a ", "'  a'"},
		{"a text padded with NULs and rubbish behind", 'C', "a\x00\x00zz", "'a'"},
		{"a blank text", 'C', "    ", "null"},
		{"a text of NULs", 'C', "\x00\x00\x00", "null"},
		{"a number keeps its digits", 'N', "  007.50", "007.50"},
		{"a large number keeps its digits", 'N', "12345678901234567890", "12345678901234567890"},
		{"a number with an exponent", 'F', "1.5e+003", "1.5e+003"},
		{"a blank number", 'N', "     ", "null"},
		{"a number that did not fit", 'N', "******", "null"},
		{"a number of NULs", 'N', "\x00\x00\x00", "null"},
		{"a number with a comma is a text", 'N', "3,14", "'3,14'"},
		{"a number that is none", 'N', "-", "'-'"},
		{"a number with two points", 'N', "1.2.3", "'1.2.3'"},
		{"a number in Chinese", 'N', "三座", "'三座'"},
		{"a number that ends with a NUL", 'N', "12\x00zz", "12"},
		{"a date", 'D', "20210630", "'20210630'"},
		{"a blank date", 'D', "        ", "null"},
		{"a date of zeros", 'D', "00000000", "null"},
		{"true", 'L', "T", "true"}, {"yes", 'L', "y", "true"}, {"false", 'L', "f", "false"}, {"no", 'L', "N", "false"},
		{"not known", 'L', "?", "null"}, {"blank", 'L', " ", "null"}, {"neither true nor false", 'L', "1", "'1'"},
		{"a whole number of 4 bytes", 'I', bits32(0xfffffffe), "-2"},
		{"a double", 'B', bits64(math.Float64bits(-12.5)), "-12.5"},
		{"a double of dBASE", 'O', bits64(math.Float64bits(1e21)), "1e+21"},
		{"a double that is NaN", 'O', bits64(math.Float64bits(math.NaN())), "null"},
		{"a time", '@', bits32(julian2021, (8*3600+30*60)*1000), "'2021-06-30T08:30:00'"},
		{"a time with milliseconds", 'T', bits32(julian2021, 1500), "'2021-06-30T00:00:01.5'"},
		{"no time", '@', bits32(0, 0), "null"},
		{"a blank time", 'T', "        ", "null"},
	}
	for _, test := range tests {
		_, lines := tableOf(t, record.Options{}, "", 0, []column{{"f", test.kind, len(test.cell)}}, []string{test.cell})
		if lines[0] != "f="+test.want {
			t.Errorf("%s: got %s, want %s", test.what, lines[0], test.want)
		}
	}
}

func TestDBFFieldsThatAreNotRead(t *testing.T) {
	f, lines := tableOf(t, record.Options{}, "", 0, []column{{"备注", 'M', 10}, {"n", 'N', 2}, {"y", 'Y', 8},
		{"i", 'I', 3}}, []string{"0000000001", "12", "abcdefgh", "abc"})
	recordtest.Expect(t, lines, "n=12")
	if !strings.Contains(notesOf(f), `not read: "备注 (M)", "y (Y)", "i (I)"`) {
		t.Error(notesOf(f))
	}
}

func TestDBFEncodings(t *testing.T) {
	encoded := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	big5 := encoded(traditionalchinese.Big5.NewEncoder().String("南陽"))
	kana := encoded(japanese.ShiftJIS.NewEncoder().String("あ井"))
	latin := encoded(charmap.ISO8859_1.NewEncoder().String("Café crème"))
	const utf8Seats, both = "座椅厂", "学校" // both: its GBK bytes are UTF-8 too
	tests := []struct {
		what, said, cpg string
		language        byte
		text            string
		want, charset   string
		how, note       string
	}{
		{"nothing but ASCII", "", "", 0, "seat", "seat", "UTF-8", "only ASCII", ""},
		{"UTF-8 without a hint", "", "", 0, utf8Seats, utf8Seats, "UTF-8", "its texts are valid UTF-8", ""},
		{"GBK without a hint", "", "", 0x57, recordtest.GBK(t, "座椅"), "座椅", "GB18030",
			"its texts are not UTF-8 and are valid GB18030", ""},
		{"UTF-8 by the .cpg", "", "UTF-8\r\n", 0, "座椅", "座椅", "UTF-8", "stated by the .cpg: UTF-8", ""},
		{"GBK by the .cpg", "", "GBK", 0, recordtest.GBK(t, "座椅"), "座椅", "GB18030", "stated by the .cpg: GBK", ""},
		{"936 by the .cpg", "", "936", 0, recordtest.GBK(t, "座椅"), "座椅", "GB18030", "stated by the .cpg: 936", ""},
		{"a .cpg that says UTF-8 and lies", "", "UTF-8", 0, recordtest.GBK(t, "座椅"), "座椅", "GB18030",
			"its texts are not UTF-8", ".cpg states the encoding \"UTF-8\", but the texts are not valid in it"},
		{"a .cpg that says GBK and lies", "", "GBK", 0, utf8Seats, utf8Seats, "UTF-8", "its texts are valid UTF-8",
			".cpg states the encoding \"GBK\", but the texts are not valid in it"},
		{"a .cpg of Latin-1, which programs write unasked", "", "ISO-8859-1", 0, recordtest.GBK(t, "座椅"), "座椅",
			"GB18030", "", "which any bytes fit"},
		{"a .cpg of nonsense", "", "Klingon", 0, "座椅", "座椅", "UTF-8", "",
			".cpg states the encoding \"Klingon\", which is not known"},
		{"a .cpg of UTF-16", "", "UTF-16LE", 0, "座椅", "座椅", "UTF-8", "", "\"UTF-16LE\", which is not known"},
		{"language id 77", "", "", 0x4D, recordtest.GBK(t, "座椅"), "座椅", "GB18030", "stated by the LDID 0x4D: 936", ""},
		{"language id 77 on UTF-8", "", "", 0x4D, utf8Seats, utf8Seats, "UTF-8", "its texts are valid UTF-8",
			"LDID 0x4D states the encoding \"936\", but the texts are not valid in it"},
		{"language id 79", "", "", 0x4F, big5, "南陽", "Big5", "stated by the LDID 0x4F: Big5", ""},
		{"language id 123", "", "", 0x7B, kana, "あ井", "Shift_JIS", "stated by the LDID 0x7B: Shift_JIS", ""},
		{"the .cpg goes before the language id", "", "UTF-8", 0x4D, "座椅", "座椅", "UTF-8", "stated by the .cpg", ""},
		{"GBK whose bytes would be UTF-8 too", "", "GBK", 0, recordtest.GBK(t, both), both, "GB18030",
			"stated by the .cpg: GBK", "are valid UTF-8 too"},
		{"what the planner says goes first", "GBK", "UTF-8", 0, recordtest.GBK(t, "座椅"), "座椅", "GB18030",
			"given by --encoding",
			""},
		{"the planner may say Latin-1", "ISO-8859-1", "", 0, latin, "Café crème", "ISO_8859-1:1987",
			"given by --encoding", ""},
		{"cut inside a character of UTF-8", "", "", 0, "南阳市卧龙区七", "南阳市卧龙区", "UTF-8", "its texts are valid UTF-8", ""},
		{"cut inside a character of UTF-8, as the .cpg says", "", "UTF-8", 0, "a南阳市卧龙区", "a南阳市卧龙", "UTF-8",
			"stated by the .cpg", ""},
		{"cut inside a character of GBK", "", "", 0, recordtest.GBK(t, "a南阳市卧龙区仲景路人民"), "a南阳市卧龙区仲景", "GB18030",
			"its texts are not UTF-8", ""},
	}
	for _, test := range tests {
		width := 20
		if strings.HasPrefix(test.what, "cut") {
			width = len(test.text) - 1
			if strings.HasPrefix(test.text, "a\xc4") { // 8 characters fit in 18 bytes behind the a
				width = 18
			}
		}
		f, lines := tableOf(t, record.Options{Encoding: test.said}, test.cpg, test.language,
			[]column{{"f", 'C', width}}, []string{test.text})
		if lines[0] != "f='"+test.want+"'" || f.Charset != test.charset {
			t.Errorf("%s: got %s in %s, want %s in %s", test.what, lines[0], f.Charset, test.want, test.charset)
		}
		if !strings.Contains(f.ByWhat.EN, test.how) || !strings.Contains(notesOf(f), test.note) || test.note == "" &&
			notesOf(f) != "" {
			t.Errorf("%s: by %q, notes %q; want %q, %q", test.what, f.ByWhat.EN, notesOf(f), test.how, test.note)
		}
	}
}

func TestDBFEncodingsThatAreRefused(t *testing.T) {
	latin, err := charmap.ISO8859_1.NewEncoder().String("Café crème")
	if err != nil {
		t.Fatal(err)
	}
	if got := refused(t, madeSet(t,
		map[string][]byte{".shp": madeSHP(1, nil), ".dbf": madeDBF(0, oneText, []string{latin})}),
		record.Options{}); !strings.Contains(got, "specify their encoding with --encoding") {
		t.Errorf("Latin-1 without a word: %q", got)
	}
	if got := refused(t, madeSet(t,
		map[string][]byte{".shp": madeSHP(1, nil), ".dbf": madeDBF(0, oneText, []string{"a"})}),
		record.Options{Encoding: "Klingon"}); !strings.Contains(got, `unknown text encoding "Klingon"`) {
		t.Errorf("an encoding that is not known: %q", got)
	}
}

func TestDBFFirstTextBeyondASCIIComesLate(t *testing.T) {
	rows := make([][]string, 3000)
	for i := range rows {
		rows[i] = []string{"seat"}
	}
	rows[2900][0] = recordtest.GBK(t, "座椅")
	f, lines := tableOf(t, record.Options{}, "", 0, oneText, rows...)
	if f.Charset != "GB18030" || lines[2900] != "name='座椅'" {
		t.Errorf("%s %s", f.Charset, lines[2900])
	}
}

func TestDBFTextThatDoesNotDecodeIsAFaultOfItsRow(t *testing.T) {
	rows := make([][]string, 2100)
	for i := range rows {
		rows[i] = []string{"座椅"}
	}
	rows[2099][0] = "\xff\xfe"
	f := openSet(t, madeSet(t,
		map[string][]byte{".dbf": madeDBF(0, oneText, rows...),
			".shp": madeSHP(1, repeated(pointShape(1, 1), 2100)...)}), record.Options{})
	lines, _ := recordtest.Records(t, f)
	if lines[2098] != "2099 | point 1 1 | name='座椅'" || !strings.HasPrefix(lines[2099], "2100 | !bad_text name ") {
		t.Error(lines[2098], lines[2099])
	}
}

func repeated(content []byte, n int) (all [][]byte) {
	for range n {
		all = append(all, content)
	}
	return all
}

func TestDBFNamesOfFields(t *testing.T) {
	columns := func(names ...string) (all []column) {
		for _, name := range names {
			all = append(all, column{name, 'N', 1})
		}
		return all
	}
	tests := []struct {
		what, said string
		names      []string
		want, note string
	}{
		{"short ones", "", []string{"id", "名称"}, "id 名称", ""},
		{"as long as a name can be", "", []string{"abcdefghij", "abcdefghi"}, "abcdefghij* abcdefghi", ""},
		{"three characters of UTF-8 fit, and no fourth", "", []string{"所属路"}, "所属路*", ""},
		{"cut inside a character of UTF-8", "", []string{"区划代\xe7", "所属路\xe6"}, "区划代* 所属路*", ""},
		{"five characters of GBK fit", "", []string{recordtest.GBK(t, "所属道路编"), recordtest.GBK(t, "a所属道路"),
			recordtest.GBK(t, "所属道路")}, "所属道路编* a所属道路* 所属道路", ""},
		{"cut inside a character of GBK", "", []string{recordtest.GBK(t, "a所属道路编")[:10]}, "a所属道路*", ""},
		{"11 bytes without a NUL", "", []string{"abcdefghijk"}, "abcdefghijk*", ""},
		{"the same after they were cut", "", []string{"区划代\xe7", "区划代\xe5", "区划代\xe6"}, "区划代* 区划代_2* 区划代_3*",
			`got a number: "区划代_2", "区划代_3"`},
		{"the number is taken already", "", []string{"a", "a_2", "a"}, "a a_2 a_3", `got a number: "a_3"`},
		{"blanks behind", "", []string{"a  "}, "a", ""},
		{"no name", "", []string{"", ""}, "field field_2", "field_2"},
		{"bytes that are not text", "UTF-8", []string{"a\xffb"}, "a�b", "some texts are not valid UTF-8"},
	}
	for _, test := range tests {
		f, _ := tableOf(t, record.Options{Encoding: test.said}, "", 0, columns(test.names...))
		var got []string
		for _, field := range f.Fields {
			name := field.Name
			if field.Cut {
				name += "*"
			}
			got = append(got, name)
		}
		if strings.Join(got, " ") != test.want || !strings.Contains(notesOf(f), test.note) {
			t.Errorf("%s: got %q, want %q; notes %q", test.what, got, test.want, notesOf(f))
		}
	}
}

func TestDBFLongTextsAsClipperWritesThem(t *testing.T) {
	dbf := madeDBF(0, []column{{"long", 'C', 300 - 256}})
	dbf = append(patched(dbf[:len(dbf)-1], 32+17, 1), " "+strings.Repeat("x", 300)...)
	dbf = patched(dbf, 4, 1, 0, 0, 0)
	dbf = patched(dbf, 10, byte(301-256), 1)
	lines, _ := recordtest.Records(t, openSet(t,
		madeSet(t, map[string][]byte{".dbf": dbf, ".shp": madeSHP(1, pointShape(1, 1))}), record.Options{}))
	recordtest.Expect(t, lines, "1 | point 1 1 | long='"+strings.Repeat("x", 300)+"'")
}

func TestDBFTimesThatAreNone(t *testing.T) {
	_, lines := tableOf(t, record.Options{}, "", 0, []column{{"f", '@', 8}, {"n", 'N', 1}}, []string{bits32(1, 5), "1"})
	recordtest.Expect(t, lines, "f=null | n=1")
}
