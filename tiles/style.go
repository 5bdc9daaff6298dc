package tiles

import (
	"encoding/json"

	"yizhan/geo"
)

// Style is a MapLibre style (version 8 of the specification). It needs neither
// sprites nor glyphs, so it draws no text.
type Style struct {
	Version int                    `json:"version"`
	Name    string                 `json:"name"`
	Sources map[string]StyleSource `json:"sources"`
	Layers  []StyleLayer           `json:"layers"`
}

// StyleSource is the tiles of one layer. Each layer is a source of its own, so
// that clients can draw it beyond its last zoom.
type StyleSource struct {
	Type        string   `json:"type"`
	Tiles       []string `json:"tiles"`
	MinZoom     int      `json:"minzoom"`
	MaxZoom     int      `json:"maxzoom"`
	Attribution string   `json:"attribution,omitempty"`
}

// StyleLayer is one thing that is painted. Zoom 0 for MaxZoom means no limit.
type StyleLayer struct {
	ID          string         `json:"id"`
	Type        string         `json:"type"`
	Source      string         `json:"source,omitempty"`
	SourceLayer string         `json:"source-layer,omitempty"`
	MinZoom     int            `json:"minzoom,omitempty"`
	MaxZoom     int            `json:"maxzoom,omitempty"`
	Filter      []any          `json:"filter,omitempty"`
	Layout      map[string]any `json:"layout,omitempty"`
	Paint       map[string]any `json:"paint"`
}

// paper is the ground of a map.
const paper = "#f6f1e7"

// NewStyle makes a style of the layers in the order given, lowest first, whose
// tiles are below origin ("https://host").
func NewStyle(origin string, layers []geo.Layer) Style {
	s := Style{
		Version: 8, Name: "yizhan", Sources: map[string]StyleSource{},
		Layers: []StyleLayer{{ID: "paper", Type: "background", Paint: map[string]any{"background-color": paper}}},
	}
	for i := range layers {
		l := &layers[i]
		s.Sources[string(l.Name)] = StyleSource{
			Type: "vector", Tiles: []string{tileURL(origin, string(l.Name))},
			MinZoom: l.MinZoom, MaxZoom: max(l.MinZoom, min(l.MaxZoom, geo.MaxZoom)), Attribution: attribution,
		}
		s.Layers = append(s.Layers, painted(l)...)
	}
	return s
}

// hints is how the catalogue wants a layer to look; every member may be missing.
type hints struct {
	Color   string   `json:"color"`
	Outline string   `json:"outline"`
	Width   *float64 `json:"width"`   // pixels
	Radius  *float64 `json:"radius"`  // pixels
	Opacity *float64 `json:"opacity"` // 0 to 1
	Visible *bool    `json:"visible"`
}

// readHints takes what can be understood; a hint of another type is as none.
func readHints(l *geo.Layer) hints {
	var h hints
	if json.Unmarshal(l.Style, &h) != nil {
		h = hints{}
	}
	if h.Color == "" {
		h.Color = "#3d7a8c"
	}
	return h
}

func or(v *float64, otherwise float64) float64 {
	if v != nil {
		return *v
	}
	return otherwise
}

// painted is what is painted for one layer.
func painted(l *geo.Layer) []StyleLayer {
	h := readHints(l)
	switch l.Kind {
	case geo.Polygon:
		return []StyleLayer{
			paint(l, h, "fill", "fill", map[string]any{
				"fill-color": color(l, h), "fill-opacity": or(h.Opacity, 0.5),
			}),
			paint(l, h, "outline", "line", map[string]any{
				"line-color": outline(l, h), "line-width": or(h.Width, 1),
			}),
		}
	case geo.Line:
		return []StyleLayer{paint(l, h, "line", "line", map[string]any{
			"line-color": color(l, h), "line-width": or(h.Width, 2), "line-opacity": or(h.Opacity, 1),
		})}
	}
	points := paint(l, h, "point", "circle", map[string]any{
		"circle-color": color(l, h), "circle-radius": or(h.Radius, 4), "circle-opacity": or(h.Opacity, 1),
		"circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
	})
	points.Filter = []any{"!", []any{"has", geo.CountKey}}
	cells := paint(l, h, "cell", "circle", map[string]any{
		"circle-color": leading(l, h), "circle-opacity": 0.8, "circle-radius": cellRadius(),
		"circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
	})
	cells.Filter = []any{"has", geo.CountKey}
	return []StyleLayer{cells, points}
}

func paint(l *geo.Layer, h hints, part, kind string, properties map[string]any) StyleLayer {
	s := StyleLayer{
		ID: string(l.Name) + "-" + part, Type: kind, Source: string(l.Name), SourceLayer: string(l.Name),
		MinZoom: l.MinZoom, Paint: properties,
	}
	if h.Visible != nil && !*h.Visible {
		s.Layout = map[string]any{"visibility": "none"}
	}
	return s
}

// cellRadius lets the area of a cell's circle follow its count, as far as cells,
// which are 16 pixels wide where a tile is shown at 512, leave room.
func cellRadius() []any {
	return []any{
		"interpolate", []any{"linear"}, []any{"sqrt", []any{"to-number", []any{"get", geo.CountKey}, 1}},
		1, 2, 3, 4, 10, 6.5, 32, 9, 100, 11,
	}
}

// leading is the colour of the category that most points of a cell have.
func leading(l *geo.Layer, h hints) any {
	_, categories := l.Tallied()
	most := []any{"max"}
	choice := []any{"case"}
	seen := map[string]bool{}
	for _, c := range categories {
		if c.Color == "" || seen[c.Value] {
			continue
		}
		seen[c.Value] = true
		count := []any{"coalesce", []any{"get", geo.CountPrefix + c.Value}, 0}
		most = append(most, count)
		choice = append(choice, []any{"all", []any{">", count, 0}, []any{"==", count, []any{"var", "most"}}}, c.Color)
	}
	if len(seen) == 0 {
		return h.Color
	}
	return []any{"let", "most", most, append(choice, h.Color)}
}

// color is the layer's colour, or that of the category of its facet.
func color(l *geo.Layer, h hints) any { return byFacet(l, h.Color) }

func outline(l *geo.Layer, h hints) any {
	if h.Outline != "" {
		return h.Outline
	}
	return color(l, h)
}

func byFacet(l *geo.Layer, otherwise string) any {
	field, err := l.Field(l.Facet)
	if err != nil {
		return otherwise
	}
	match := []any{"match", []any{"get", field.Name}}
	seen := map[string]bool{}
	for _, c := range field.Categories {
		if c.Color != "" && !seen[c.Value] {
			seen[c.Value] = true
			match = append(match, c.Value, c.Color)
		}
	}
	if len(match) == 2 {
		return otherwise
	}
	return append(match, otherwise)
}
