package gdal

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

// layer is a layer as ogrinfo describes it.
type layer struct {
	name     string
	geometry string // "Point", "3D Multi Line String", "None", "Unknown (any)", …
	count    int64  // -1 when it was not asked for
	wkt      string // WKT 1; "" when the layer has no system
}

// systemBytes is the longest definition of a system that is kept.
const systemBytes = 64 << 10

// parseLayers reads the output of ogrinfo -so -al: for each layer a line "Layer name:",
// its type, a count if it was asked for, and the definition of its coordinate system,
// which ends with its last bracket. Other lines are skipped.
func parseLayers(text string) []layer {
	var layers []layer
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if name, ok := strings.CutPrefix(line, "Layer name: "); ok {
			layers = append(layers, layer{name: strings.TrimSuffix(name, "\r"), count: -1})
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

// definition is the WKT at the beginning of text, "" when there is none.
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

// layers lists the layers of a file; counted also asks for the number of their features,
// for which GDAL may have to read the whole file.
func (g *programs) layers(ctx context.Context, s *source, counted bool) ([]layer, error) {
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

// choose is the layer to read: the one named by inside, or the only one that has features
// with a geometry. Alone reports that the file has no other.
func (g *programs) choose(ctx context.Context, s *source, inside string) (chosen layer, alone bool, err error) {
	layers, err := g.layers(ctx, s, s.kind.counts)
	if err != nil {
		return layer{}, false, err
	}
	if len(layers) == 1 && (inside == "" || strings.EqualFold(inside, layers[0].name)) {
		return layers[0], true, nil
	}
	if inside == "" && len(layers) > 1 {
		if layers, err = g.layers(ctx, s, true); err != nil {
			return layer{}, false, err
		}
		filled := slices.DeleteFunc(slices.Clone(layers), func(l layer) bool {
			return l.count == 0 || l.geometry == "None"
		})
		if len(filled) == 1 {
			return nameable(filled[0])
		}
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, l := range layers {
			if inside != "" && same(l.name, inside) {
				return nameable(l)
			}
		}
	}
	return layer{}, false, undecided(layers, inside)
}

// undecided is the error of a file from which no layer was chosen.
func undecided(layers []layer, inside string) error {
	if len(layers) == 0 {
		return lang.Errorf("it contains no layer: %w", geo.ErrInvalid)
	}
	var names []string
	for _, l := range layers {
		names = append(names, l.name)
	}
	if inside == "" {
		return lang.Errorf("it contains %d layers: %s; choose one with --inside NAME: %w",
			len(names), record.Quoted(names, shownLayers), geo.ErrInvalid)
	}
	return lang.Errorf("layer %q not found among its layers %s: %w",
		inside, record.Quoted(names, shownLayers), geo.ErrNotFound)
}

// nameable refuses a layer whose name ogr2ogr would take for an option.
func nameable(l layer) (layer, bool, error) {
	if strings.HasPrefix(l.name, "-") || strings.ContainsAny(l.name, "\x00\uFFFD") {
		return layer{}, false, lang.Errorf("layer %q has a name that cannot be passed to ogr2ogr; rename it: %w",
			l.name, geo.ErrInvalid)
	}
	return l, false, nil
}

// kinds are those that the layer declares, nil when it declares none.
func (l layer) kinds() []geo.Kind {
	for word, kind := range map[string]geo.Kind{"Point": geo.Point, "String": geo.Line, "Curve": geo.Line,
		"Polygon": geo.Polygon, "Surface": geo.Polygon} {
		if strings.HasSuffix(strings.TrimPrefix(l.geometry, "3D "), word) {
			return []geo.Kind{kind}
		}
	}
	return nil
}
