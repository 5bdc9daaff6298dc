package geo

import "yizhan/internal/lang"

// Find is the layer of a name among those that the caller may see, or an error of kind
// ErrNotFound that suggests the nearest name.
func Find(layers []Layer, name LayerName) (Layer, error) {
	names := make([]string, len(layers))
	for i, l := range layers {
		if l.Name == name {
			return l, nil
		}
		names[i] = string(l.Name)
	}
	return Layer{}, lang.Errorf("layer %.60q not found%s: %w", name, Suggest(Nearest(string(name), names)), ErrNotFound)
}
