package importer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"yizhan/geo"
	"yizhan/importer/format"
)

func TestWhatIsReadAsFeatures(t *testing.T) {
	t.Parallel()
	a, b := feature("A", ""), feature("B", "")
	for _, c := range []struct{ name, file, want string }{
		{"a collection", collection(a, b), taken("A", "B")},
		{"a collection on many lines, with tabs and CRLF",
			"{\r\n\t\"type\": \"FeatureCollection\",\r\n\t\"features\" :\r\n [\r\n" + a + "\r\n,\r\n" + b +
				"\r\n]\r\n}\r\n", taken("A", "B")},
		{"a collection without features", collection(), ""},
		{"a file with one feature", a, taken("A")},
		{"a feature a line", a + "\n" + b + "\n", taken("A", "B")},
		{"a feature a line, the last without a line end", a + "\n" + b, taken("A", "B")},
		{"record separators", "\x1e" + a + "\n\x1e" + b + "\n", taken("A", "B")},
		{"features one behind another", a + b, taken("A", "B")},
		{"a compressed collection", zipped(collection(a, b)), taken("A", "B")},
		{"a byte-order mark", "\ufeff" + collection(a, b), taken("A", "B")},
		{"a byte-order mark before lines", "\ufeff" + a + "\n" + b, taken("A", "B")},
		{"features before the type of the collection", `{"features":[` + a + `],"type":"FeatureCollection"}`,
			taken("A")},
		{"other members before the features", `{"name":"站","note":{"features":[1,2]},"bbox":[1,2,3,4],"features":[` +
			a + `]}`, taken("A")},
		{"other members behind the features", `{"features":[` + a + `],"note":{"a":[{"b":"]}"}]},"n":1}`, taken("A")},
		{"a bracket, a quote and a backslash in a text", collection(feature("A", `,"remark":"}]\"\\"`), b),
			taken("A", "B")},
		{"a text \"features\" as a value", `{"name":"features","features":[` + a + `]}`, taken("A")},
		{"the member crs with WGS 84",
			`{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + a + `]}`,
			taken("A")},
		{"the member crs with CGCS2000 in degrees",
			`{"crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":[` + a + `]}`, taken("A")},
		{"the member crs with null", `{"crs":null,"features":[` + a + `]}`, taken("A")},
		{"an object that is not a feature among features", collection(a, `{"type":"Point","coordinates":[1,2]}`, b),
			taken("A", "B") + "; 2::not_a_feature"},
		{"broken JSON inside one feature", collection(a, `{"type":"Feature","properties":{"code" "X"}}`, b),
			taken("A", "B") + "; 2::bad_json"},
		{"a feature of 100,000 nested arrays", collection(a,
			`{"type":"Feature","x":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`, b),
			taken("A", "B") + "; 2::too_deep"},
		{"features that are not objects", `{"features":[1,` + a + `,"x",null,[` + b + `]]}`, taken("A") +
			"; 1::not_a_feature; 3::not_a_feature; 4::not_a_feature; 5::not_a_feature"},
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
		{"a collection without a list of features", `{"type":"FeatureCollection","features":null}`,
			"no list of features"},
		{"TopoJSON", `{"type":"Topology","objects":{}}`, "\"Topology\""},
		{"something behind the collection", collection(a) + "x", fmt.Sprintf("byte %d", len(collection(a)))},
		{"the beginning of an archive", "PK\x03\x04\x14\x00", "damaged"},
		{"a web page", "<!doctype html>", "web page"},
		{"text", "code;lon;lat", "not GeoJSON"},
		{"UTF-16", utf16be(whole), "UTF-16"},
		{"UTF-16 without a mark", strings.ReplaceAll(`{"features":[]}`, "", "\x00")[1:], "UTF-16"},
		{"Latin-1", "{\"name\":\"Caf\xe9\",\"features\":[]}", "UTF-8"},
		{"GBK", "{\"name\":\"\xc4\xcf\xd1\xf4\",\"features\":[]}", "UTF-8"},
		{"a collection broken off in the second feature", whole[:len(whole)-10],
			fmt.Sprintf("byte %d, after 1 ", len(whole)-10)},
		{"a collection broken off between features", collection(a)[:len(collection(a))-2],
			fmt.Sprintf("byte %d, after 1 ", len(collection(a))-2)},
		{"a collection broken off before the features", `{"type":"FeatureCollection","feat`, "byte 33, after 0 "},
		{"lines broken off", a + "\n" + a[:40], fmt.Sprintf("byte %d, after 1 ", len(a)+1+40)},
		{"a compressed file broken off", zipped(whole)[:60], "is incomplete"},
		{"compressed lines of which only the check sum is missing", zipped(a)[:len(zipped(a))-8], "is incomplete"},
		{"a compressed file with a wrong check sum", zipped(a)[:len(zipped(a))-8] + "\x00\x00\x00\x00\x00\x00\x00\x00",
			"checksum"},
		{"two bytes of a compressed file", "\x1f\x8b", "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, err := attempt(t, c.file, format.Limits{})
			if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want one that says %q", err, c.says)
			}
			if report != nil {
				t.Errorf("there is a report: %+v", report)
			}
		})
	}
}

// attempt opens and reads a file that may be no GeoJSON.
func attempt(t *testing.T, text string, limits format.Limits) (*Report, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.geojson")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := format.Open(context.Background(), path, format.Options{Limits: limits})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	report, _, err := readFile(layer(geo.Point, false), f, Options{})
	return report, err
}

func TestAFeatureOverTheLimitEndsTheImport(t *testing.T) {
	t.Parallel()
	big := collection(feature("A", ""), feature("B", `,"remark":"`+strings.Repeat("x", 3<<20)+`"`))
	_, err := attempt(t, big, format.Limits{RecordBytes: 2 << 20})
	if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "feature 2, at byte") ||
		!strings.Contains(fmt.Sprint(err), "2097152 bytes") {
		t.Errorf("got %v", err)
	}
	if report, err := attempt(t, big, format.Limits{RecordBytes: 4 << 20}); err != nil || report.Read != 2 {
		t.Errorf("below the limit: %v", err)
	}
}

func TestACharacterAcrossABoundary(t *testing.T) {
	t.Parallel()
	for pad := range 4 {
		text := strings.Repeat(" ", pad) +
			collection(feature("A", `,"short":null,"remark":"`+strings.Repeat("卧龙城区", 60_000)+`"`))
		if _, rows, err := read(t, layer(geo.Point, false), text, Options{}); err != nil ||
			strings.Join(rows, "") != taken("A") {
			t.Errorf("%d bytes further: %q, %v", pad, rows, err)
		}
	}
}
