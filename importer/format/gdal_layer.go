package format

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// shownLayers is how many layers an error lists.
const shownLayers = 20

// gdalLayer is one layer as ogrinfo tells it.
type gdalLayer struct {
	name     string
	geometry string // "Point", "3D Multi Line String", "None", "Unknown (any)", …
	count    int64  // -1 when it was not asked
	wkt      string // WKT 1; "" when the layer has no system
}

// systemBytes is the longest definition of a system that is kept.
const systemBytes = 64 << 10

// parseLayers reads what ogrinfo -so -al writes: for each layer a line "Layer
// name:", its type, a count when asked, and the definition of its system, which
// ends where its brackets do. What cannot be understood is passed over.
func parseLayers(text string) []gdalLayer {
	var layers []gdalLayer
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if name, ok := strings.CutPrefix(line, "Layer name: "); ok {
			layers = append(layers, gdalLayer{name: strings.TrimSuffix(name, "\r"), count: -1})
			continue
		}
		if len(layers) == 0 {
			continue
		}
		layer := &layers[len(layers)-1]
		switch value, rest, _ := strings.Cut(line, ":"); {
		case value == "Geometry" && layer.geometry == "":
			layer.geometry = strings.TrimSpace(rest)
		case value == "Feature Count" && layer.count < 0:
			if n, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64); err == nil && n >= 0 {
				layer.count = n
			}
		case layer.wkt == "" && (value == "Layer SRS WKT" || strings.HasPrefix(value, "SRS WKT (")):
			if wkt := definition(text); wkt != "" {
				layer.wkt, text = wkt, text[len(wkt):]
			}
		}
	}
	return layers
}

// definition is the WKT that text begins with, "" when there is none.
func definition(text string) string {
	depth, inside := 0, false
	for i := range min(len(text), systemBytes) {
		switch c := text[i]; {
		case c == '"':
			inside = !inside
		case inside:
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return text[:i+1]
			}
		case depth == 0 && (c == '\n' || c == '('): // "(unknown)"
			return ""
		}
	}
	return ""
}

// layers lists the layers of a file; counted asks for the number of their features,
// for which GDAL may have to read all of it.
func (g *gdal) layers(ctx context.Context, s *gdalSource, counted bool) ([]gdalLayer, error) {
	args := []string{"-ro", "-so", "-al", "-nomd", "-wkt_format", "WKT1"}
	brief := []string{"-nocount", "-noextent"}
	if counted {
		brief = brief[1:]
	}
	settings := append([]string{g.only(s.driver)}, s.settings...)
	text, err := g.run(ctx, settings, g.ogrinfo, slices.Concat(args, brief, s.open, []string{s.path})...)
	if err != nil && strings.Contains(err.Error(), "Unknown option name '-no") { // GDAL before 3.4
		text, err = g.run(ctx, settings, g.ogrinfo, slices.Concat(args, s.open, []string{s.path})...)
	}
	if err != nil {
		return nil, err
	}
	return parseLayers(strings.ToValidUTF8(string(text), "�")), nil
}

// choose picks the layer to read: the one that inside names, or the only one that
// has features with a geometry.
func (g *gdal) choose(ctx context.Context, s *gdalSource, inside string) (layer gdalLayer, alone bool, err error) {
	layers, err := g.layers(ctx, s, s.kind.counts)
	if err != nil {
		return gdalLayer{}, false, err
	}
	if len(layers) == 1 && (inside == "" || strings.EqualFold(inside, layers[0].name)) {
		return layers[0], true, nil
	}
	if inside == "" && len(layers) > 1 {
		if layers, err = g.layers(ctx, s, true); err != nil {
			return gdalLayer{}, false, err
		}
		filled := slices.DeleteFunc(slices.Clone(layers), func(l gdalLayer) bool { return l.count == 0 || l.geometry == "None" })
		if len(filled) == 1 {
			return passable(filled[0])
		}
	}
	if len(layers) == 0 {
		return gdalLayer{}, false, lang.Errorf("there is no layer in it: %w", geo.ErrInvalid)
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, l := range layers {
			if inside != "" && same(l.name, inside) {
				return passable(l)
			}
		}
	}
	var names []string
	for _, l := range layers {
		names = append(names, l.name)
	}
	if inside == "" {
		return gdalLayer{}, false, lang.Errorf("there are %d layers in it: %s; say which with --inside NAME: %w", len(names), record.Quoted(names, shownLayers), geo.ErrInvalid)
	}
	return gdalLayer{}, false, lang.Errorf("there is no layer %q in it; there are %s: %w", inside, record.Quoted(names, shownLayers), geo.ErrNotFound)
}

// passable refuses a layer whose name ogr2ogr would take for an option.
func passable(l gdalLayer) (gdalLayer, bool, error) {
	if strings.HasPrefix(l.name, "-") || strings.ContainsAny(l.name, "\x00\uFFFD") {
		return gdalLayer{}, false, lang.Errorf("the layer %q has a name that cannot be given to ogr2ogr; rename it: %w", l.name, geo.ErrInvalid)
	}
	return l, false, nil
}

// kinds that the layer declares, nil when it declares none.
func (l gdalLayer) kinds() []geo.Kind {
	for word, kind := range map[string]geo.Kind{"Point": geo.Point, "String": geo.Line, "Curve": geo.Line, "Polygon": geo.Polygon, "Surface": geo.Polygon} {
		if strings.HasSuffix(strings.TrimPrefix(l.geometry, "3D "), word) {
			return []geo.Kind{kind}
		}
	}
	return nil
}
