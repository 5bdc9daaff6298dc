package server

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/live"
	"yizhan/internal/replica"
	"yizhan/internal/tileserve"
)

// layerView is a layer as /layers shows it.
type layerView struct {
	geo.Layer
	Count  int         `json:"count"`
	Bounds *[4]float64 `json:"bounds"` // west, south, east, north; null when the layer is empty
}

// layerRoutes describe the public layers.
type layerRoutes struct{ *presence }

// list lists the public layers in drawing order.
func (l *layerRoutes) list(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	state, err := l.state(w)
	if err != nil {
		return err
	}
	views := []layerView{}
	for _, layer := range state.Catalog {
		if c, shown := state.Layers[layer.Name]; shown {
			views = append(views, viewLayer(layer, c))
		}
	}
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, map[string]any{"version": state.Version, "layers": views})
	return nil
}

// one describes one layer.
func (l *layerRoutes) one(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	state, err := l.state(w)
	if err != nil {
		return err
	}
	chosen, err := tileserve.Choose(state, chi.URLParam(r, "layer"))
	if err != nil {
		return err
	}
	if len(chosen) != 1 {
		return lang.Errorf("name a single layer: %w", geo.ErrInvalid)
	}
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, viewLayer(chosen[0], state.Layers[chosen[0].Name]))
	return nil
}

func viewLayer(l geo.Layer, c *index.Collection) layerView {
	view := layerView{Layer: l, Count: c.Len()}
	if b := c.Bound(); c.Len() > 0 && b != (orb.Bound{}) {
		bounds := live.Degrees(b)
		view.Bounds = &bounds
	}
	return view
}

func shownNames(state *replica.State) []string {
	var names []string
	for name := range state.Layers {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return names
}

// onlyParameters refuses a query parameter that the route does not know.
func onlyParameters(r *http.Request, known ...string) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	for name := range r.URL.Query() {
		if !slices.Contains(known, name) {
			return lang.Errorf("unknown parameter %.60q%s: %w", name, geo.Suggest(geo.Nearest(name, known)),
				geo.ErrInvalid)
		}
	}
	return nil
}
