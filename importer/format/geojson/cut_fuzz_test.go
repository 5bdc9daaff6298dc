package geojson

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/record"
)

// split is the features of a text and the error at its end.
func split(r io.Reader, limits record.Limits) (features []string, err error) {
	cut := NewCutter(io.NopCloser(r), limits)
	for b := (record.Batch{}); ; {
		err := cut.Next(&b)
		if errors.Is(err, io.EOF) {
			return features, nil
		}
		if err != nil {
			return features, err
		}
		for _, at := range b.Spans {
			features = append(features, string(b.Data[at.Start:at.End]))
		}
	}
}

// reference counts features with encoding/json, whatever texts follow one another;
// ok is false for what is not GeoJSON, or is by this package's rules and not by JSON's.
func reference(text []byte) (n int, ok bool) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) || bytes.IndexByte(text, RecordSeparator) >= 0 || bytes.Contains(text, []byte("crs")) ||
		bytes.Contains(text, []byte(`\u`)) {
		return 0, false
	}
	d := json.NewDecoder(bytes.NewReader(text))
	for texts := 0; ; texts++ {
		var raw json.RawMessage
		if err := d.Decode(&raw); errors.Is(err, io.EOF) {
			return n, texts > 0
		} else if err != nil {
			return 0, false
		}
		members, ok := membersOf(raw)
		if !ok {
			return 0, false
		}
		var kind string
		var list []json.RawMessage
		_ = json.Unmarshal(members["type"], &kind)
		isList := json.Unmarshal(members["features"], &list) == nil && list != nil
		switch {
		case kind == "FeatureCollection" && isList:
			n += len(list)
		case kind == "Feature" && !isList:
			n++
		default:
			return 0, false
		}
	}
}

// membersOf reads an object in which no name stands twice.
func membersOf(raw []byte) (map[string]json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	members := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return nil, false
		}
		if _, twice := members[name.(string)]; twice {
			return nil, false
		}
		members[name.(string)] = value
	}
	return members, true
}

// FuzzGeoJSONTexts: a file is the same whether it arrives at once or byte by byte, and
// has as many features as encoding/json finds in its texts.
func FuzzGeoJSONTexts(f *testing.F) {
	a, b := feature("A", ""), feature("B", "")
	for _, seed := range []string{collection(a, b), a + "\n" + b, collection(a) + collection(b, a) + b,
		`{"features":[1,null,"a"],"type":"FeatureCollection"}` + a,
		`{"type":"Feature","a":{"b":["]"]}}`, "\x1e" + a, `{"x":"\\\"","type":"FeatureCollection","features":[]}`,
		`{"geometry":1,"type":"FeatureCollection","features":[2]}`,
		`{"type":"Feature","features":{},"properties":{}}`,
		`{"geometry":null,"properties":{"type":"x"},"type":"Feature"}`, "[", `{"a":`, "\xef\xbb"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		features, err := split(bytes.NewReader(text), record.Limits{})
		slowly, slowErr := split(iotest.OneByteReader(bytes.NewReader(text)), record.Limits{})
		if fmt.Sprint(features, err) != fmt.Sprint(slowly, slowErr) {
			t.Errorf("%q: at once %q, %v; byte by byte %q, %v", text, features, err, slowly, slowErr)
		}
		if want, ok := reference(text); ok && (err != nil || len(features) != want) {
			t.Errorf("%q: %d features, %v; encoding/json finds %d", text, len(features), err, want)
		}
	})
}

func TestOpenDataIsSplitLikeEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../shared/data/*/*.geojson")
	if err != nil || len(files) == 0 {
		t.Skip("SKIPPED, NOT TESTED: no folder shared/data beside the repository")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var whole struct{ Features []json.RawMessage }
			if err := json.Unmarshal(text, &whole); err != nil {
				t.Fatal(err)
			}
			features, err := split(bytes.NewReader(text), record.Limits{})
			if err != nil || len(features) != len(whole.Features) {
				t.Fatalf("%d features, %v; want %d", len(features), err, len(whole.Features))
			}
			for i := range features {
				if features[i] != string(whole.Features[i]) {
					t.Fatalf("feature %d differs", i+1)
				}
			}
		})
	}
}

// endlessText begins a feature that never ends.
type endlessText struct{ read int }

func (e *endlessText) Read(p []byte) (int, error) {
	n := copy(p, `{"type":"Feature","properties":{"a":"`)
	if e.read > 0 {
		n = copy(p, bytes.Repeat([]byte("x"), len(p)))
	}
	e.read += n
	return n, nil
}

func TestAnEndlessFeatureIsReadNoFurtherThanTheLimit(t *testing.T) {
	t.Parallel()
	endless := &endlessText{}
	if _, err := split(endless, record.Limits{RecordBytes: 4 << 20}); !errors.Is(err, geo.ErrInvalid) ||
		endless.read > 5<<20 {
		t.Errorf("read %d bytes: %v", endless.read, err)
	}
}

func TestWhatACollectionSaysOfItsCoordinates(t *testing.T) {
	t.Parallel()
	named := func(crs string) string { return `{"crs":` + crs + `,"features":[` + feature("A", "") + `]}` }
	behind := func(crs string) string { return `{"features":[` + feature("A", "") + `],"crs":` + crs + `}` }
	for _, c := range []struct{ file, want string }{
		{named(`{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}`),
			"urn:ogc:def:crs:OGC:1.3:CRS84"},
		{named(`{"type":"EPSG","properties":{"code":2437}}`), "EPSG:2437"},
		{behind(`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}}`), "urn:ogc:def:crs:EPSG::4547"},
		{named(`"EPSG:3857"`), `"EPSG:3857"`},
		{named(`{"type":"link","properties":{"href":"http://example.org/4326"}}`),
			`{"type":"link","properties":{"href":"http://example.org/4326"}}`},
		{named("null"), "urn:ogc:def:crs:OGC::CRS84"},
		{collection(feature("A", "")), "urn:ogc:def:crs:OGC::CRS84"},
	} {
		f, err := Open(context.Background(), record.Input{Name: "f", Path: written(t, c.file),
			Options: record.Options{Limits: record.Limits{}.WithDefaults()}})
		if err != nil || f.Said.Text != c.want {
			t.Errorf("%s: %+v, %v", c.file, f, err)
		}
	}
}

// written is a file of that text.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
