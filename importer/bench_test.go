package importer

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/format"
)

// surveyOf is a made-up survey of n covers, as a FeatureCollection.
func surveyOf(n int) string {
	r := rand.New(rand.NewPCG(411300, 1))
	var b strings.Builder
	b.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b,
			`{"type":"Feature","geometry":{"type":"Point","coordinates":[%.7f,%.7f]},"properties":{"code":"P%07d","kind":"%s","diameter_mm":%d,"name":"人民路窨井%d","surveyed_at":"2021-06-%02d"}}`,
			112.4+r.Float64()*.2, 32.9+r.Float64()*.2, i, []string{"water", "sewage", "rain",
				"power"}[r.IntN(4)], 500+100*r.IntN(5), i, 1+r.IntN(28))
	}
	b.WriteString("\n]}\n")
	return b.String()
}

func coverTarget() *Target {
	return &Target{
		Layer: geo.Layer{Name: "cover", Kind: geo.Point, KeyColumn: "code"},
		Columns: []Column{
			{Field: geo.Field{Name: "code", Type: geo.Text, Required: true}},
			{Field: geo.Field{Name: "kind", Type: geo.Text,
				Categories: []geo.Category{{Value: "water"}, {Value: "sewage"}, {Value: "rain"}, {Value: "power"}}}},
			{Field: geo.Field{Name: "diameter_mm", Type: geo.Integer}},
			{Field: geo.Field{Name: "name", Type: geo.Text}},
			{Field: geo.Field{Name: "surveyed_at", Type: geo.Date}},
		},
	}
}

func BenchmarkCheck(b *testing.B) {
	text := surveyOf(1)
	feature := []byte(text[strings.Index(text, "\n")+1 : strings.LastIndex(text, "\n]")])
	target, f := coverTarget(), opened(b, "survey.geojson", text, format.Limits{})
	decoder, check, record := f.Decoder(), newChecker(target, WGS84(), newNames(target, nil), f.Limits), format.Record{}
	b.SetBytes(int64(len(feature)))
	b.ReportAllocs()
	for b.Loop() {
		decoder.Decode(feature, &record)
		if _, no := check.check(&record, format.Span{}); no != nil {
			b.Fatal(no)
		}
	}
}
