package tiles

import (
	"time"

	"yizhan/geo"
)

// Patience is how long a tile may take, waiting for its turn included.
const Patience = 10 * time.Second

// Budget bounds a tile, so that no zoom of any layer is too heavy for a browser.
// What would exceed it is left out or told in less detail by rules that depend on
// the data alone (see [Degraded]).
type Budget struct {
	MinZoom  int `json:"minzoom"`
	MaxZoom  int `json:"maxzoom"`
	Bytes    int `json:"bytes"`        // of the whole tile, uncompressed; layers share it
	Points   int `json:"points"`       // drawn singly, of one layer
	Features int `json:"features"`     // lines or polygons of one layer
	Millis   int `json:"milliseconds"` // of drawing and packing, waiting included; after that the answer is 503
}

// Overviews are the zooms at which a city is in a few tiles, which everybody
// looks at first: there a tile has at most 100 kB however it is sent.
const lastOverview = 13

// Budgets are the budgets by zoom.
func Budgets() []Budget {
	return []Budget{
		{MinZoom: 0, MaxZoom: lastOverview, Bytes: 100 << 10, Points: 8_000, Features: 3_000,
			Millis: int(Patience.Milliseconds())},
		{MinZoom: lastOverview + 1, MaxZoom: geo.MaxZoom, Bytes: 4 << 20, Points: 40_000, Features: 30_000,
			Millis: int(Patience.Milliseconds())},
	}
}

// budgetAt is the budget of a zoom, with the options' own bounds where they have any.
func (o Options) budgetAt(z uint8) Budget {
	b := Budgets()[0]
	if z > lastOverview {
		b = Budgets()[1]
	}
	if o.Points > 0 {
		b.Points = o.Points
	}
	if o.Features > 0 {
		b.Features = o.Features
	}
	if o.Bytes > 0 {
		b.Bytes = o.Bytes
	}
	return b
}
