package tileserve

import (
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/replica"
)

// maxLayers is how many layers one request may combine.
const maxLayers = 32

// Choose finds the layers of a comma list, each once and in the order of the catalogue,
// which is that of drawing. A personal layer is treated as one that does not exist.
func Choose(state *replica.State, list string) ([]geo.Layer, error) {
	names := strings.Split(list, ",")
	if len(names) > maxLayers {
		return nil, lang.Errorf("%d layers in one request; at most %d: %w", len(names), maxLayers, geo.ErrInvalid)
	}
	var shown, chosen []geo.Layer
	for _, l := range state.Catalog {
		if _, loaded := state.Layers[l.Name]; loaded {
			shown = append(shown, l)
		}
	}
	for _, l := range shown {
		if slices.Contains(names, string(l.Name)) {
			chosen = append(chosen, l)
		}
	}
	for _, name := range names {
		if _, err := geo.Find(shown, geo.LayerName(name)); err != nil {
			return nil, err
		}
	}
	return chosen, nil
}
