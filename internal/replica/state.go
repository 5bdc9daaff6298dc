package replica

import (
	"time"

	"yizhan/geo"
	"yizhan/geo/index"
)

// State is one version of everything: immutable, so a reader keeps one for its whole request.
type State struct {
	Version string                              // the ledger's snapshot (pg_snapshot as text)
	Catalog []geo.Layer                         // public layers in drawing order
	Layers  map[geo.LayerName]*index.Collection // their features
	Loaded  time.Time                           // when this state was taken up
}

// Change says what differs between a state and the one before it.
type Change struct {
	Version string
	Layers  []LayerChange
	Catalog bool // layers came, went or changed their description
	// what these were may no longer be shown as it was: former rows were purged, or an import was undone
	Pasts []geo.LayerName
}

// LayerChange is what changed in one layer.
type LayerChange struct {
	Layer   geo.LayerName
	Touches []index.Touch // the ground touched, before and after
	Whole   bool          // the layer was loaded again or withdrawn: everything may differ
	IDs     int           // how many features the journal named
}

// Status says how far the replica can be relied on.
type Status struct {
	Loaded    bool          `json:"loaded"`    // a first state stands
	Connected bool          `json:"connected"` // the ledger answers
	Checked   time.Time     `json:"checked"`   // when the state last was known to be current
	Version   string        `json:"version"`
	LoadTime  time.Duration `json:"load_ns"` // of the first load
	Features  int           `json:"features"`
}

// Current reports whether the state was confirmed within the last few polls.
func (s Status) Current(now time.Time) bool {
	return s.Loaded && s.Connected && now.Sub(s.Checked) < 5*pollInterval
}
