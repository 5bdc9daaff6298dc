package shapefile

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

var oneText = []column{{"name", 'C', 10}}

func TestShapefileSeatsInGBKWithoutAnyHint(t *testing.T) {
	f := openSet(t, messy(t, "seats_gbk_noprj_zone38.shp"), record.Options{})
	if f.Charset != "GB18030" || f.Said != (record.Said{}) || f.Count != 15 || len(f.Paths) != 2 ||
		fmt.Sprint(f.Kinds) != "[point]" {
		t.Errorf("got %s, %v, %d records, %v, %v", f.Charset, f.Said, f.Count, f.Paths, f.Kinds)
	}
	if fmt.Sprint(f.Fields) != "[{名称 false} {区划代码 false} {序号 false}]" {
		t.Errorf("fields %v", f.Fields)
	}
	lines, end := recordtest.Records(t, f)
	if len(lines) != 15 || !strings.Contains(lines[0], "='镇平县'") || !strings.Contains(lines[0], "='411324'") ||
		!strings.HasSuffix(lines[0], "=1") {
		t.Errorf("record 1: %s", lines[0])
	}
	if !strings.HasPrefix(lines[0], "1 | point 3.83") || len(end.Notes) != 0 {
		t.Errorf("record 1: %s; %v", lines[0], end.Notes)
	}
}

func TestShapefileSeatsInUTF8WithACutFieldName(t *testing.T) {
	f := openSet(t, messy(t, "seats_utf8_prj_cm114.dbf"), record.Options{})
	if f.Charset != "UTF-8" || f.Said.Where != ".prj" || !strings.HasPrefix(f.Said.Text,
		`PROJCS["CGCS2000_3_Degree_GK_CM_114E"`) || len(f.Paths) != 4 {
		t.Errorf("got %s, %v, %v", f.Charset, f.Said, f.Paths)
	}
	if fmt.Sprint(f.Fields) != "[{名称 false} {区划代 true} {序号 false}]" {
		t.Errorf("fields %v", f.Fields)
	}
	lines, _ := recordtest.Records(t, f)
	if len(lines) != 15 || !strings.HasSuffix(lines[0], " | 名称='镇平县' | 区划代='411324' | 序号=1") {
		t.Errorf("record 1: %s", lines[0])
	}
}

func messy(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("../../../shared/data/messy", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no shared/data/messy/%s beside the repository", name)
	}
	return path
}

func TestShapefileShapes(t *testing.T) {
	nan, line := math.NaN(), []float64{0, 0, 1, 1}
	square := "polygon -2 -2, -2 2, 2 2, 2 -2, -2 -2"
	tests := []struct {
		what    string
		content []byte
		want    string
	}{
		{"a point", pointShape(112.5, 33), "point 112.5 33"},
		{"a point with height and no measure", floats(typed(11), 112.5, 33, 120, -1e39), "point 112.5 33; flat"},
		{"a point with a measure", floats(typed(21), 112.5, 33, 7), "point 112.5 33; flat"},
		{"a point of NaN is empty", pointShape(nan, nan), "!empty_geometry  "},
		{"a point with half a NaN", pointShape(1, nan), "!bad_coordinates  1, NaN"},
		{"a point at infinity", pointShape(math.Inf(1), 1), "!bad_coordinates  +Inf, 1"},
		{"a point of one coordinate", floats(typed(1), 1), "!bad_coordinates  "},
		{"no shape", typed(0), "!no_geometry  "},
		{"nothing at all", nil, "!bad_coordinates  "},
		{"a patch", typed(31, make([]byte, 60)...), "!wrong_geometry_kind  MultiPatch"},
		{"a shape of type 7", typed(7, make([]byte, 60)...), "!bad_coordinates  "},
		{"points", multiPoint(8, 2, 1, 2, 3, 4), "multipoint 1 2, 3 4"},
		{"points with heights", multiPoint(18, 2, 1, 2, 3, 4, 0, 9, 8, 9), "multipoint 1 2, 3 4; flat"},
		{"no points", multiPoint(8, 0), "!empty_geometry  "},
		{"4,000,000,000 points", multiPoint(8, 4_000_000_000, 1, 2), "!bad_coordinates  "},
		{"a line", partsShape(3, line), "line 0 0, 1 1; ends [2]"},
		{"two lines", partsShape(3, line, []float64{5, 5, 6, 6, 7, 5}),
			"multiline 0 0, 1 1, 5 5, 6 6, 7 5; ends [2 5]"},
		{"a line with heights", floats(partsShape(13, line), 0, 9, 8, 9), "line 0 0, 1 1; ends [2]; flat"},
		{"a line of one point", partsShape(3, []float64{0, 0}), "!bad_coordinates  "},
		{"a line and a part of no points", partsShape(3, line, nil), "!bad_coordinates  "},
		{"a line of no parts", partsShape(3), "!empty_geometry  "},
		{"a part that starts behind the next", patched(partsShape(3, line, line), 44, 9), "!bad_coordinates  "},
		{"a part that starts beyond the end", patched(partsShape(3, line, line), 48, 9), "!bad_coordinates  "},
		{"4,294,967,295 parts", patched(partsShape(3, line), 36, 255, 255, 255, 255), "!bad_coordinates  "},
		{"a square", partsShape(5, cw(0, 0, 2)), square + "; ends [5]; parts [1]"},
		{"a square the wrong way round is a square", partsShape(5, ccw(0, 0, 1)),
			"polygon -1 -1, 1 -1, 1 1, -1 1, -1 -1; ends [5]; parts [1]"},
		{"a square with a hole", partsShape(5, cw(0, 0, 2), ccw(0, 0, 1)), square +
			", -1 -1, 1 -1, 1 1, -1 1, -1 -1; ends [5 10]; parts [2]"},
		{"a hole before its square", partsShape(5, ccw(0, 0, 1), cw(0, 0, 2)), square +
			", -1 -1, 1 -1, 1 1, -1 1, -1 -1; ends [5 10]; parts [2]"},
		{"a triangle that is not closed", partsShape(5, []float64{0, 0, 0, 1, 1, 1, 1, 0}), "!bad_ring  "},
		{"a ring of three points", partsShape(5, []float64{0, 0, 1, 1, 0, 0}), "!bad_ring  "},
		{"a square and a hole that is not closed", partsShape(5, cw(0, 0, 2), []float64{0, 0, 1, 0, 1, 1, 0, 1}),
			"!bad_ring  "},
		{"a polygon that breaks off", partsShape(5, cw(0, 0, 2))[:80], "!bad_coordinates  "},
	}
	for _, test := range tests {
		f := openSet(t, madeSet(t, map[string][]byte{".shp": madeSHP(1, test.content)}), record.Options{})
		lines, _ := recordtest.Records(t, f)
		if want := "1 | " + test.want; len(lines) != 1 || lines[0] != want {
			t.Errorf("%s:\n got %q\nwant %q", test.what, lines, want)
		}
	}
}

func multiPoint(code, n uint32, xy ...float64) []byte {
	b := append(typed(code), make([]byte, 32)...)
	return floats(binary.LittleEndian.AppendUint32(b, n), xy...)
}

func TestShapefileLimits(t *testing.T) {
	path := madeSet(t, map[string][]byte{
		".shp": madeSHP(3, partsShape(3, []float64{0, 0, 1, 1, 2, 2, 3, 3}), partsShape(3, []float64{0, 0, 1, 1}),
			make([]byte, 500)),
		".dbf": madeDBF(0, oneText, []string{"a"}, []string{"b"}, []string{"c"})})
	lines, _ := recordtest.Records(t, openSet(t, path,
		record.Options{Limits: record.Limits{Vertices: 3, RecordBytes: 200}}))
	recordtest.Expect(t, lines, "1 | !too_large   | name='a'", "2 | line 0 0, 1 1; ends [2] | name='b'",
		"3 | !too_large   | name='c'")
	if got := refused(t, path, record.Options{Limits: record.Limits{RecordBytes: 8}}); !strings.Contains(got, "a row has 11 bytes") {
		t.Error(got)
	}
}

func TestShapefileDeletedRowsTakeTheirShapesAlong(t *testing.T) {
	path := madeSet(t, map[string][]byte{
		".shp": madeSHP(1, pointShape(1, 1), pointShape(2, 2), pointShape(3, 3), pointShape(4, 4)),
		".dbf": madeDBF(0, oneText, []string{"a"}, []string{"*", "b"}, []string{"*", "c"}, []string{"d"})})
	lines, end := recordtest.Records(t, openSet(t, path, record.Options{}))
	recordtest.Expect(t, lines, "1 | point 1 1 | name='a'", "4 | point 4 4 | name='d'")
	if recordtest.English(end) != "skipped 2 deleted rows" {
		t.Error(recordtest.English(end))
	}
}

func TestShapefileOffsetsAndNumbers(t *testing.T) {
	shp := patched(madeSHP(1, pointShape(1, 1), pointShape(2, 2)), 128, 0, 0, 0, 9)
	f := openSet(t, madeSet(t, map[string][]byte{".shp": shp}), record.Options{})
	cut, err := f.Cutter(t.Context(), &record.Pace{})
	if err != nil {
		t.Fatal(err)
	}
	defer cut.Close()
	var b record.Batch
	if err := cut.Next(&b); err != nil || len(b.Spans) != 2 || b.Spans[1].Position != 9 || b.Spans[1].Offset != 128 {
		t.Errorf("%v %v", err, b.Spans)
	}
	if !strings.Contains(recordtest.English(cut.End()), "1 records are not numbered in order") ||
		!strings.Contains(notesOf(f), "no .dbf") {
		t.Errorf("%q %q", recordtest.English(cut.End()), notesOf(f))
	}
}

func TestShapefileFollowsAnIndexOutOfOrder(t *testing.T) {
	shp := madeSHP(1, pointShape(1, 1), pointShape(9, 9), pointShape(3, 3), pointShape(2, 2))
	files := map[string][]byte{".shp": shp,
		".dbf": madeDBF(0, oneText, []string{"a"}, []string{"b"}, []string{"c"}),
		".SHX": madeSHX([2]int{100, 20}, [2]int{184, 20}, [2]int{156, 20})}
	f := openSet(t, madeSet(t, files), record.Options{})
	lines, _ := recordtest.Records(t, f)
	recordtest.Expect(t, lines, "1 | point 1 1 | name='a'", "4 | point 2 2 | name='b'", "3 | point 3 3 | name='c'")
	if !strings.Contains(notesOf(f), "in the order of the .shx") {
		t.Error(notesOf(f))
	}
	files[".SHX"] = madeSHX([2]int{100, 20}, [2]int{184, 18}, [2]int{156, 20})
	if got := refused(t, madeSet(t, files), record.Options{}); !strings.Contains(got, "record 2 has 20 bytes at byte 184 of the .shp, but 18 by the .shx") {
		t.Error(got)
	}
	files[".SHX"] = madeSHX([2]int{100, 20}, [2]int{18400, 20}, [2]int{156, 20}) // not to be relied on
	if got := refused(t, madeSet(t, files), record.Options{}); !strings.Contains(got, "4 records, but the .dbf has 3") {
		t.Error(got)
	}
}

func TestShapefileFilesWhateverTheirCapitals(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{"Seats.SHP": madeSHP(1, pointShape(1, 2)),
		"seats.Dbf": madeDBF(0, oneText, []string{"甲"}),
		"SEATS.PRJ": []byte("prj"), "Seats.qpj": []byte("\xef\xbb\xbf qpj \n"), "seats.CPG": []byte("utf-8\r\n"),
		"seats2.dbf": {1}} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Seats.SHP", "seats.Dbf", "SEATS.PRJ"} {
		f := openSet(t, filepath.Join(dir, name), record.Options{})
		lines, _ := recordtest.Records(t, f)
		recordtest.Expect(t, lines, "1 | point 1 2 | name='甲'")
		if f.Said != (record.Said{Where: ".qpj", Text: "qpj"}) || len(f.Paths) != 5 ||
			filepath.Base(f.Paths[0]) != "Seats.SHP" || f.ByWhat.EN != "stated by the .cpg: utf-8" {
			t.Errorf("%s: %v %v %v", name, f.Said, f.Paths, f.ByWhat)
		}
	}
	if got := refused(t, filepath.Join(dir, "seats2.dbf"), record.Options{}); !strings.Contains(got, "seats2.shp, which has the shapes, is missing") {
		t.Error(got)
	}
}

func TestShapefileDamaged(t *testing.T) {
	shp := madeSHP(1, pointShape(1, 1), pointShape(2, 2))
	dbf := madeDBF(0, oneText, []string{"a"}, []string{"b"})
	long := func(at int, n uint32) []byte { return patched(shp, at, binary.BigEndian.AppendUint32(nil, n)...) }
	tests := []struct {
		what     string
		shp, dbf []byte
		want     string
	}{
		{"a sound set", shp, dbf, ""},
		{"an empty .shp", nil, dbf, "the header of a .shp has 100 bytes, but the file has only 0"},
		{"half a header", shp[:50], dbf, "but the file has only 50"},
		{"another kind of file", []byte(strings.Repeat("PK\x03\x04", 50)), dbf, "a .shp begins with the number 9994"},
		{"a type of shapes that there is not", patched(shp, 32, 99), dbf, "shape type 99, which does not exist"},
		{"a .shp cut short", shp[:150], dbf, "states 156 bytes, but the file has 150"},
		{"a length of the file never filled in", long(24, 0), dbf, ""},
		{"a record as long as 4 GB", long(104, 0x7fffffff), dbf,
			"record 1, at byte 100 of the .shp, extends beyond its end at byte 156"},
		{"a record of negative length", long(132, 0xfffffff0), dbf,
			"record 2, at byte 128 of the .shp, extends beyond its end at byte 156"},
		{"some bytes of a third record", madeSHP(1, pointShape(1, 1), append(pointShape(2, 2), 0, 0)), dbf, ""},
		{"a length that ends within a record", long(24, 76), dbf, "record 2, at byte 128 of the .shp, extends beyond"},
		{"a .dbf of fewer rows", shp, madeDBF(0, oneText, []string{"a"}),
			"the .shp has 2 records, but the .dbf has 1; they do not belong together"},
		{"a .dbf of more rows", shp, madeDBF(0, oneText, []string{"a"}, []string{"b"}, []string{"c"}),
			"the .shp has 2 records, but the .dbf has 3;"},
		{"an empty .dbf", shp, nil, "the header of a .dbf has 32 bytes, but the file has only 0"},
		{"a .dbf of 4,294,967,295 rows", shp, patched(dbf, 4, 255, 255, 255, 255),
			"states 4294967295 rows of 11 bytes, but the file has room for 2"},
		{"a .dbf cut short", shp, dbf[:len(dbf)-4], "states 2 rows of 11 bytes, but the file has room for 1"},
		{"a .dbf whose rows begin beyond its end", shp, patched(dbf, 8, 255, 255), "rows begin at byte 65535 of 88"},
		{"a .dbf whose rows begin in its header", shp, patched(dbf, 8, 3, 0), "rows begin at byte 3 of"},
		{"a .dbf of rows without bytes", shp, patched(dbf, 10, 0, 0), "rows have no bytes"},
		{"a .dbf whose fields are longer than its rows", shp, patched(dbf, 32+16, 200),
			"its fields add up to 201 bytes, but its rows have 11"},
		{"a .dbf of dBASE 7", shp, patched(dbf, 0, 4), "dBASE version 0x04 is not supported"},
	}
	for _, test := range tests {
		got := refused(t, madeSet(t, map[string][]byte{".shp": test.shp, ".dbf": test.dbf}), record.Options{})
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.what, got, test.want)
		}
	}
}

func TestShapefileMismatchIsSeenBeforeReadingWhereTheIndexProvesIt(t *testing.T) {
	shp := madeSHP(1, pointShape(1, 1), pointShape(2, 2))
	path := madeSet(t, map[string][]byte{".shp": shp, ".dbf": madeDBF(0, oneText, []string{"a"}),
		".shx": madeSHX([2]int{100, 20}, [2]int{128, 20})})
	if _, err := Open(t.Context(), inputOf(path, record.Options{})); err == nil ||
		!strings.Contains(err.Error(), "2 records, but the .dbf has 1") {
		t.Error(err)
	}
}
