package tiles

import (
	"encoding/json"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
)

// describedLayers is one layer of each kind, as the catalogue has them.
func describedLayers() []geo.Layer {
	eight, fourteen := 8, 14
	return []geo.Layer{
		{
			Name: "green_plot", Kind: geo.Polygon, Title: lang.Label{ZH: "绿地", EN: "Green plots"}, MinZoom: 8,
			MaxZoom: 16, Privacy: geo.Public,
			Style: json.RawMessage(`{"color": "#7fb77e", "opacity": 0.8, "outline": "#4f8a55", "visible": false}`),
		},
		{
			Name: "road", Kind: geo.Line, Title: lang.Label{ZH: "道路", EN: "Roads"}, MinZoom: 6, MaxZoom: 22,
			Facet: "class", Privacy: geo.Public,
			Style: json.RawMessage(`{"color": "#c9c2b6", "width": 2, "label": "name"}`),
			Fields: []geo.Field{
				{Name: "class", Type: geo.Text, MinZoom: &eight,
					Categories: []geo.Category{{Value: "arterial", Color: "#e0a458"}, {Value: "local"}}},
				{Name: "remark", Type: geo.Text},
			},
		},
		{
			Name: "manhole", Kind: geo.Point, Title: lang.Label{ZH: "井盖", EN: "Manhole covers"}, MinZoom: 8,
			MaxZoom: 22, PointZoom: 15, Privacy: geo.Public, Facet: "condition",
			Style: json.RawMessage(`{"color": 7}`),
			Fields: []geo.Field{
				{Name: "condition", Type: geo.Text, MinZoom: &fourteen, Categories: []geo.Category{
					{Value: "intact", Label: lang.Label{ZH: "完好", EN: "Intact"}, Color: "#6b7a8f"},
					{Value: "damaged", Label: lang.Label{ZH: "破损", EN: "Damaged"}, Color: "#c0262d"},
				}},
				{Name: "diameter_mm", Type: geo.Integer, Title: lang.Label{ZH: "直径", EN: "Diameter"}, Unit: "mm",
					MinZoom: &fourteen},
			},
		},
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}

func TestGoldenTileJSON(t *testing.T) {
	var collections []*index.Collection
	for i := range describedLayers() {
		l := describedLayers()[i]
		b := index.NewBuilder(&l, 0)
		if l.Kind == geo.Point {
			for id, p := range []orb.Point{{112.5, 33}, {112.75, 33.25}} {
				wkb := ewkbOf(t, p)
				if err := b.Add(int64(id), wkb, []index.Ref{0, 0}); err != nil {
					t.Fatal(err)
				}
			}
		}
		collections = append(collections, b.Build())
	}
	golden(t, "tilejson.json", asJSON(t, NewTileJSON("https://example.org", "", collections, Options{})))
}

func TestGoldenStyle(t *testing.T) {
	golden(t, "style.json", asJSON(t, NewStyle("https://example.org", describedLayers())))
}
