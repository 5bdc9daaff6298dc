package importer

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"yizhan/geo"
)

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func TestWhatIsReadAsFeatures(t *testing.T) {
	t.Parallel()
	a, b := feature("A", ""), feature("B", "")
	for _, c := range []struct{ name, file, want string }{
		{"a collection", collection(a, b), taken("A", "B")},
		{"a collection on many lines, with tabs and CRLF", "{\r\n\t\"type\": \"FeatureCollection\",\r\n\t\"features\" :\r\n [\r\n" + a + "\r\n,\r\n" + b + "\r\n]\r\n}\r\n", taken("A", "B")},
		{"a collection without features", collection(), ""},
		{"a file with one feature", a, taken("A")},
		{"a feature a line", a + "\n" + b + "\n", taken("A", "B")},
		{"a feature a line, the last without a line end", a + "\n" + b, taken("A", "B")},
		{"record separators", "\x1e" + a + "\n\x1e" + b + "\n", taken("A", "B")},
		{"features one behind another", a + b, taken("A", "B")},
		{"a compressed collection", zipped(collection(a, b)), taken("A", "B")},
		{"a byte-order mark", "\ufeff" + collection(a, b), taken("A", "B")},
		{"a byte-order mark before lines", "\ufeff" + a + "\n" + b, taken("A", "B")},
		{"features before the type of the collection", `{"features":[` + a + `],"type":"FeatureCollection"}`, taken("A")},
		{"other members before the features", `{"name":"站","note":{"features":[1,2]},"bbox":[1,2,3,4],"features":[` + a + `]}`, taken("A")},
		{"other members behind the features", `{"features":[` + a + `],"note":{"a":[{"b":"]}"}]},"n":1}`, taken("A")},
		{"a bracket, a quote and a backslash in a text", collection(feature("A", `,"remark":"}]\"\\"`), b), taken("A", "B")},
		{"a text \"features\" as a value", `{"name":"features","features":[` + a + `]}`, taken("A")},
		{"the member crs with WGS 84", `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + a + `]}`, taken("A")},
		{"the member crs with CGCS2000 in degrees", `{"crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":[` + a + `]}`, taken("A")},
		{"the member crs with null", `{"crs":null,"features":[` + a + `]}`, taken("A")},
		{"an object that is no feature among features", collection(a, `{"type":"Point","coordinates":[1,2]}`, b), taken("A", "B") + "; 2::not_a_feature"},
		{"broken JSON inside one feature", collection(a, `{"type":"Feature","properties":{"code" "X"}}`, b), taken("A", "B") + "; 2::bad_json"},
		{"a feature of 100,000 nested arrays", collection(a, `{"type":"Feature","x":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`, b), taken("A", "B") + "; 2::too_deep"},
		{"features that are no objects", `{"features":[1,` + a + `,"x",null,[` + b + `]]}`, taken("A") + "; 1::not_a_feature; 3::not_a_feature; 4::not_a_feature; 5::not_a_feature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, layer(geo.Point, false), c.file, c.want)
		})
	}
}

func TestWhatIsNoFileOfFeatures(t *testing.T) {
	t.Parallel()
	a := feature("A", "")
	utf16be := func(text string) string {
		b := []byte{0xfe, 0xff}
		for _, u := range utf16.Encode([]rune(text)) {
			b = append(b, byte(u>>8), byte(u))
		}
		return string(b)
	}
	whole := collection(a, a)
	for _, c := range []struct{ name, file, says string }{
		{"nothing", "", "empty"},
		{"white space", " \r\n\t", "empty"},
		{"a byte-order mark alone", "\ufeff", "empty"},
		{"an empty array", "[]", "list"},
		{"an array of features", "[" + a + "]", "list"},
		{"features without a comma between them", `{"features":[` + a + a + `]}`, fmt.Sprintf("byte %d", 13+len(a))},
		{"a comma too many", `{"features":[` + a + `,]}`, fmt.Sprintf("byte %d", 13+len(a)+1)},
		{"two lists of features", `{"features":[` + a + `],"features":[]}`, "two lists"},
		{"a collection without a list of features", `{"type":"FeatureCollection","features":null}`, "no list of features"},
		{"TopoJSON", `{"type":"Topology","objects":{}}`, "\"Topology\""},
		{"something behind the collection", collection(a) + "x", fmt.Sprintf("byte %d", len(collection(a)))},
		{"a spreadsheet", "PK\x03\x04\x14\x00", "spreadsheet"},
		{"a web page", "<!doctype html>", "web page"},
		{"text", "code;lon;lat", "not GeoJSON"},
		{"a shapefile", "\x00\x00\x27\x0a", "shapefile"},
		{"UTF-16", utf16be(whole), "UTF-16"},
		{"UTF-16 without a mark", strings.ReplaceAll(`{"features":[]}`, "", "\x00")[1:], "UTF-16"},
		{"Latin-1", "{\"name\":\"Caf\xe9\",\"features\":[]}", "UTF-8"},
		{"GBK", "{\"name\":\"\xc4\xcf\xd1\xf4\",\"features\":[]}", "UTF-8"},
		{"a collection broken off in the second feature", whole[:len(whole)-10], fmt.Sprintf("byte %d, after 1 ", len(whole)-10)},
		{"a collection broken off between features", collection(a)[:len(collection(a))-2], fmt.Sprintf("byte %d, after 1 ", len(collection(a))-2)},
		{"a collection broken off before the features", `{"type":"FeatureCollection","feat`, "byte 33, after 0 "},
		{"lines broken off", a + "\n" + a[:40], fmt.Sprintf("byte %d, after 1 ", len(a)+1+40)},
		{"a compressed file broken off", zipped(whole)[:60], "byte"},
		{"compressed lines of which only the check sum is missing", zipped(a)[:len(zipped(a))-8], "breaks off"},
		{"a compressed file with a wrong check sum", zipped(a)[:len(zipped(a))-8] + "\x00\x00\x00\x00\x00\x00\x00\x00", "checksum"},
		{"two bytes of a compressed file", "\x1f\x8b", "byte 0"},
		{"the member crs with a projected system", `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}},"features":[` + a + `]}`, "EPSG::4547"},
		{"the member crs behind the features", `{"features":[` + a + `],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}}}`, "EPSG::4547"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, _, err := read(layer(geo.Point, false), c.file, Options{})
			if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want one that says %q", err, c.says)
			}
			if report != nil {
				t.Errorf("there is a report: %+v", report)
			}
		})
	}
}

func TestAFeatureOverTheLimitEndsTheImport(t *testing.T) {
	t.Parallel()
	big := collection(feature("A", ""), feature("B", `,"remark":"`+strings.Repeat("x", 3<<20)+`"`))
	_, _, err := read(layer(geo.Point, false), big, Options{Limits: Limits{FeatureBytes: 2 << 20}})
	if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "feature 2, at byte") || !strings.Contains(fmt.Sprint(err), "2097152 bytes") {
		t.Errorf("got %v", err)
	}
	if report, _, err := read(layer(geo.Point, false), big, Options{Limits: Limits{FeatureBytes: 4 << 20}}); err != nil || report.Read != 2 {
		t.Errorf("below the limit: %v", err)
	}
}

// broken is a reader that fails in the middle.
type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errors.New("the stick was pulled out")
	}
	return n, err
}

func TestAFileThatCannotBeReadOn(t *testing.T) {
	t.Parallel()
	s := newSplitter(broken{strings.NewReader(feature("A", ""))}, Limits{}.withDefaults(), newBatch)
	if _, err := s.next(); !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "pulled out") {
		t.Errorf("got %v", err)
	}
}

// all returns the features that a splitter finds, and where. No window is larger
// than one byte more than the limit of a feature.
func all(text string, limit int) (features []string, offsets []int64, err error) {
	s := newSplitter(strings.NewReader(text), Limits{FeatureBytes: limit, Depth: math.MaxInt}, newBatch)
	for {
		b, err := s.next()
		if errors.Is(err, io.EOF) {
			return features, offsets, nil
		}
		if err != nil {
			return features, offsets, err
		}
		for _, p := range b.spans {
			features, offsets = append(features, string(b.data[p.start:p.end])), append(offsets, p.offset)
		}
	}
}

func TestFeaturesDoNotDependOnWhereTheBatchesEnd(t *testing.T) {
	t.Parallel()
	var features []string
	for i := range 60 {
		features = append(features, feature(fmt.Sprintf("城\\\"%d\\\\", i), fmt.Sprintf(`,"remark":"%s","x":[{"y":"]}"}]`, strings.Repeat(`\"墙}`, i%17))))
	}
	for _, file := range []struct{ name, text string }{
		{"collection", "\ufeff" + `{"name":"features","note":{"features":[]},"features": [` + strings.Join(features, " ,\r\n") + "] , \"more\":[1]}\n"},
		{"lines", "\x1e" + strings.Join(features, "\n\x1e")},
	} {
		t.Run(file.name, func(t *testing.T) {
			for size := 450; size <= 4096; size += size/50 + 1 {
				got, offsets, err := all(file.text, size)
				if err != nil {
					t.Fatalf("at most %d bytes a feature: %v", size, err)
				}
				if len(got) != len(features) {
					t.Fatalf("at most %d bytes a feature: %d features, want %d", size, len(got), len(features))
				}
				for i := range got {
					if got[i] != features[i] || !strings.HasPrefix(file.text[offsets[i]:], features[i]) {
						t.Fatalf("at most %d bytes a feature: feature %d is %s at %d", size, i+1, got[i], offsets[i])
					}
				}
			}
		})
	}
}

func TestACharacterAcrossABoundary(t *testing.T) {
	t.Parallel()
	for pad := range 4 {
		text := strings.Repeat(" ", pad) + collection(feature("A", `,"short":null,"remark":"`+strings.Repeat("卧龙城区", 60_000)+`"`))
		if _, rows, err := read(layer(geo.Point, false), text, Options{}); err != nil || strings.Join(rows, "") != taken("A") {
			t.Errorf("%d bytes further: %q, %v", pad, rows, err)
		}
	}
}

// FuzzSplit holds the splitter to encoding/json wherever that reads the file as a collection.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"", "[]", "{", `{"features":[{}]}`, collection(feature("A", ""), feature("B", "")), `{"a":{"features":[1]},"features":[{"b":"}\\\""},{}]}`,
		feature("A", "") + "\n" + feature("B", ""), "\x1e{}\n\x1e{}", "\ufeff{}", `{"features":{}}`, `{"features":[{}],"features":[]}`, `{"\u0066eatures":[{}]}`, "{\"features\":[{}", `{]`, `{"features":null}{}`} {
		f.Add([]byte(seed), uint16(64))
	}
	f.Fuzz(func(t *testing.T, data []byte, size uint16) {
		limit := max(len(data), int(size)) // so that no feature is too large
		got, offsets, err := all(string(data), limit)
		for i, one := range got {
			if !bytes.HasPrefix(data[offsets[i]:], []byte(one)) {
				t.Fatalf("feature %d is not at byte %d", i+1, offsets[i])
			}
		}
		want, known := byJSON(data)
		if !known {
			return
		}
		if err != nil {
			t.Fatalf("a collection of %d features is refused: %v", len(want), err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d features, encoding/json finds %d", len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("feature %d: %s, encoding/json finds %s", i+1, got[i], want[i])
			}
		}
	})
}

// byJSON is the features of a plain collection: one member "features", spelt as
// such, an array of objects; no member crs, and no other type.
func byJSON(data []byte) (features []string, known bool) {
	var file map[string]json.RawMessage
	if !utf8.Valid(data) || bytes.Count(data, []byte(`"features"`)) != 1 || bytes.Contains(data, []byte("crs")) || bytes.Contains(data, []byte(`\u`)) || json.Unmarshal(data, &file) != nil {
		return nil, false
	}
	if kind, said := file["type"]; said && string(kind) != `"FeatureCollection"` {
		return nil, false
	}
	var list []json.RawMessage
	if file["features"] == nil || json.Unmarshal(file["features"], &list) != nil || list == nil {
		return nil, false
	}
	for _, one := range list {
		if len(one) == 0 || one[0] != '{' {
			return nil, false
		}
		features = append(features, string(one))
	}
	return features, true
}

func TestAFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := Open(t.TempDir() + "/none.geojson"); !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := Open(os.TempDir()); !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "folder") {
		t.Errorf("got %v", err)
	}
}
