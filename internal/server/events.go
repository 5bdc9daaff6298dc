package server

import (
	"encoding/json"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/replica"
)

// How many boxes name the ground that one change touched in a layer, and how
// many changes a slow listener may fall behind before it is told to reload.
const (
	maxBoxes     = 32
	listenerRoom = 64
)

// event is one message of the live feed, encoded once for all listeners.
type event struct {
	name    string
	data    []byte
	version replica.Token // reached with it
	ground  []ground
	catalog bool
}

// ground is what changed in a layer: some boxes, or the whole of it.
type ground struct {
	layer geo.LayerName
	whole bool
	boxes []geo.Extent
}

// feed passes changes on to everybody who listens, and remembers the last ones for
// those who were away.
type feed struct {
	mu        sync.Mutex
	listeners map[chan event]struct{}
	closed    bool
	base      replica.Token // the version before the first that is remembered
	recent    []event
}

// remembered is how many changes are kept for those who come back.
const remembered = 1024

func newFeed() *feed {
	return &feed{listeners: map[chan event]struct{}{}}
}

// listen adds a listener; the channel is closed when it falls too far behind or
// the server stops. leave takes it away.
func (f *feed) listen() (events <-chan event, leave func()) {
	c := make(chan event, listenerRoom)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		close(c)
		return c, func() {}
	}
	f.listeners[c] = struct{}{}
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.drop(c)
	}
}

// drop needs f.mu.
func (f *feed) drop(c chan event) {
	if _, present := f.listeners[c]; present {
		delete(f.listeners, c)
		close(c)
	}
}

// tell never waits: a listener without room is dropped, reconnects and reloads.
func (f *feed) tell(e event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remember(e)
	for c := range f.listeners {
		select {
		case c <- e:
		default:
			f.drop(c)
		}
	}
}

// close ends all listeners, so that a stopping server can drain.
func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for c := range f.listeners {
		f.drop(c)
	}
}

// layerBoxes names the ground touched in one layer: [west, south, east, north]
// in degrees; none when the whole layer may differ.
type layerBoxes struct {
	Layer  geo.LayerName `json:"layer"`
	Whole  bool          `json:"whole,omitempty"`
	Bounds [][4]float64  `json:"bounds"`
}

// changes is what changed up to a version, as clients read it.
type changes struct {
	Version string       `json:"version"`
	Layers  []layerBoxes `json:"layers"`
	Catalog bool         `json:"catalog"` // layers came, went or changed their description
}

// changeEvent puts a change into words for browsers.
func changeEvent(change replica.Change) (event, error) {
	version, err := replica.ParseToken(change.Version)
	if err != nil {
		return event{}, err
	}
	e := event{version: version, catalog: change.Catalog}
	for _, l := range change.Layers {
		e.ground = append(e.ground, ground{layer: l.Layer, whole: l.Whole, boxes: geo.MergeExtents(index.Extents(l.Touches), maxBoxes)})
	}
	return e, e.encode()
}

// encode fills in what is sent.
func (e *event) encode() (err error) {
	e.name = "change"
	if e.catalog {
		e.name = "catalog"
	}
	e.data, err = json.Marshal(e.changes())
	return err
}

func (e *event) changes() changes {
	all := changes{Version: e.version.String(), Layers: []layerBoxes{}, Catalog: e.catalog}
	for _, g := range e.ground {
		boxes := layerBoxes{Layer: g.layer, Whole: g.whole, Bounds: [][4]float64{}}
		for _, b := range g.boxes {
			boxes.Bounds = append(boxes.Bounds, degrees(b.Bound()))
		}
		all.Layers = append(all.Layers, boxes)
	}
	return all
}

func degrees(b orb.Bound) [4]float64 {
	return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}
