package tiles

import (
	"strconv"
	"strings"

	"yizhan/geo"
)

// Stats tells what became of the features of each layer that the tile has.
type Stats struct {
	Layers []LayerStats
}

// LayerStats counts one layer's part of a tile.
type LayerStats struct {
	Layer   geo.LayerName `json:"layer"`
	Scanned int           `json:"scanned"` // features looked at; a cell counted without a look at its points is one
	Drawn   int           `json:"drawn"`   // features in the tile, cells included
	Merged  int           `json:"merged"`  // points that cells stand for
	Dropped int           `json:"dropped"` // lines or polygons left out because the tile was full
	Bytes   int           `json:"bytes"`   // of the layer's part, uncompressed
	// levels by which cells are coarser than usual, or 1 where they stand for points that the zoom shows singly
	Coarser int `json:"coarser"`
}

// Degraded says in what the tile falls short of its zoom because its budget was
// reached, "" when in nothing: for each such layer its name and cells=N, the
// levels by which cells are coarser, or largest=N, how many of the largest lines
// or polygons it has (a list as in RFC 9651, 3.1).
func (s Stats) Degraded() string {
	var list []string
	for _, l := range s.Layers {
		if l.Coarser > 0 {
			list = append(list, string(l.Layer)+";cells="+strconv.Itoa(l.Coarser))
		}
		if l.Dropped > 0 {
			list = append(list, string(l.Layer)+";largest="+strconv.Itoa(l.Drawn))
		}
	}
	return strings.Join(list, ", ")
}
