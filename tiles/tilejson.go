package tiles

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TileJSON describes a set of layers to map clients (TileJSON 3.0.0).
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Attribution  string        `json:"attribution,omitempty"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"` // west, south, east, north
	Center       [3]float64    `json:"center"` // longitude, latitude, zoom
	VectorLayers []VectorLayer `json:"vector_layers"`
	Budget       []Budget      `json:"budget"` // what a tile holds at most, by zoom
}

// VectorLayer is one layer of a TileJSON; Fields tells type, title and unit of
// each attribute that some tile carries.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// attribution is shown by map clients in a corner.
const attribution = "驿站 Yizhan"

// NewTileJSON describes the layers as the options show them, whose tiles are below
// origin ("https://host") and have the query, "" for none.
func NewTileJSON(origin, query string, layers []*index.Collection, o Options) TileJSON {
	t := TileJSON{
		TileJSON: "3.0.0", Scheme: "xyz", Attribution: attribution, Budget: Budgets(),
		MinZoom: geo.MaxZoom, VectorLayers: []VectorLayer{},
		Bounds: [4]float64{-180, -85.0511, 180, 85.0511},
	}
	var names, titles []string
	var box orb.Bound
	for _, c := range layers {
		l := c.Layer()
		names, titles = append(names, string(l.Name)), append(titles, l.Title.String())
		t.MinZoom, t.MaxZoom = min(t.MinZoom, l.MinZoom), max(t.MaxZoom, min(l.MaxZoom, geo.MaxZoom))
		t.VectorLayers = append(t.VectorLayers, newVectorLayer(l, o.Columns))
		if b := shownBound(o.Datum, c.Bound()); b == (orb.Bound{}) {
			continue
		} else if box == (orb.Bound{}) {
			box = b
		} else {
			box = box.Union(b)
		}
	}
	if box != (orb.Bound{}) {
		t.Bounds = [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}
	}
	t.Center = [3]float64{(t.Bounds[0] + t.Bounds[2]) / 2, (t.Bounds[1] + t.Bounds[3]) / 2, float64(t.MinZoom)}
	t.Name, t.Description = strings.Join(names, ","), strings.Join(titles, "; ")
	t.Tiles = []string{tileURL(origin, t.Name)}
	if query != "" {
		t.Tiles[0] += "?" + query
	}
	return t
}

// shownBound is a box of degrees as the datum shows its corners.
func shownBound(d geo.Datum, b orb.Bound) orb.Bound {
	if d == "" || b == (orb.Bound{}) {
		return b
	}
	b.Min[0], b.Min[1] = d.FromWGS84(b.Min[0], b.Min[1])
	b.Max[0], b.Max[1] = d.FromWGS84(b.Max[0], b.Max[1])
	return b
}

// tileURL is the template of the addresses of the tiles of a list of layers.
func tileURL(origin, layers string) string {
	return origin + "/tiles/" + layers + "/{z}/{x}/{y}.mvt"
}

func newVectorLayer(l *geo.Layer, columns []string) VectorLayer {
	v := VectorLayer{
		ID: string(l.Name), Description: l.Description.String(),
		MinZoom: l.MinZoom, MaxZoom: min(l.MaxZoom, geo.MaxZoom), Fields: map[string]string{},
	}
	for _, f := range l.Fields {
		if columns == nil && f.MinZoom != nil || slices.Contains(columns, f.Name) {
			v.Fields[f.Name] = describe(f)
		}
	}
	if l.Kind == geo.Point {
		v.Fields[geo.CountKey] = "integer; 点数 | Number of points of a cell; a point that is alone has none"
		_, categories := l.Tallied()
		for _, c := range categories {
			v.Fields[geo.CountPrefix+c.Value] = "integer; " + c.Label.String() +
				"; 点数 | Number of these points of a cell"
		}
	}
	return v
}

// describe is for example "integer; 直径 | Diameter; mm".
func describe(f geo.Field) string {
	parts := []string{string(f.Type)}
	if title := f.Title.String(); title != "" {
		parts = append(parts, title)
	}
	if f.Unit != "" {
		parts = append(parts, f.Unit)
	}
	return strings.Join(parts, "; ")
}
