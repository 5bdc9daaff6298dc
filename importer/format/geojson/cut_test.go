package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/record"
)

// pulledOut is a reader that fails in the middle.
type pulledOut struct{ io.Reader }

func (b pulledOut) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errors.New("the stick was pulled out")
	}
	return n, err
}

func TestAFileThatCannotBeReadOn(t *testing.T) {
	t.Parallel()
	cut := NewCutter(io.NopCloser(pulledOut{strings.NewReader(feature("A", ""))}), record.Limits{})
	if err := cut.Next(&record.Batch{}); !errors.Is(err, geo.ErrInvalid) ||
		!strings.Contains(fmt.Sprint(err), "pulled out") {
		t.Errorf("got %v", err)
	}
}

// all returns the features that a splitter finds, and where. No window is larger
// than one byte more than the limit of a feature.
func all(text string, limit int) (features []string, offsets []int64, err error) {
	cut := NewCutter(io.NopCloser(strings.NewReader(text)), record.Limits{RecordBytes: limit, Depth: math.MaxInt})
	for b := (record.Batch{}); ; {
		err := cut.Next(&b)
		if errors.Is(err, io.EOF) {
			return features, offsets, nil
		}
		if err != nil {
			return features, offsets, err
		}
		for _, p := range b.Spans {
			features, offsets = append(features, string(b.Data[p.Start:p.End])), append(offsets, p.Offset)
		}
	}
}

func TestFeaturesDoNotDependOnWhereTheBatchesEnd(t *testing.T) {
	t.Parallel()
	var features []string
	for i := range 60 {
		features = append(features, feature(fmt.Sprintf("城\\\"%d\\\\", i),
			fmt.Sprintf(`,"remark":"%s","x":[{"y":"]}"}]`, strings.Repeat(`\"墙}`, i%17))))
	}
	for _, file := range []struct{ name, text string }{
		{"collection", "\ufeff" + `{"name":"features","note":{"features":[]},"features": [` +
			strings.Join(features, " ,\r\n") + "] , \"more\":[1]}\n"},
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

// FuzzGeoJSONCutter holds the splitter to encoding/json wherever that reads the file as a collection.
func FuzzGeoJSONCutter(f *testing.F) {
	for _, seed := range []string{"", "[]", "{", `{"features":[{}]}`, collection(feature("A", ""), feature("B", "")),
		`{"a":{"features":[1]},"features":[{"b":"}\\\""},{}]}`,
		feature("A", "") + "\n" + feature("B", ""), "\x1e{}\n\x1e{}", "\ufeff{}", `{"features":{}}`,
		`{"features":[{}],"features":[]}`, `{"\u0066eatures":[{}]}`, "{\"features\":[{}", `{]`,
		`{"features":null}{}`} {
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
	if !utf8.Valid(data) || bytes.Count(data, []byte(`"features"`)) != 1 || bytes.Contains(data, []byte("crs")) ||
		bytes.Contains(data, []byte(`\u`)) || json.Unmarshal(data, &file) != nil {
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
