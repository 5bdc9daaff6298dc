package server

import (
	"encoding/json"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
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
	name string
	data []byte
}

// feed passes changes on to everybody who listens.
type feed struct {
	mu        sync.Mutex
	listeners map[chan event]struct{}
	closed    bool
}

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

// changeEvent puts a change into words for browsers.
func changeEvent(change replica.Change) (event, error) {
	body := struct {
		Version string       `json:"version"`
		Layers  []layerBoxes `json:"layers"`
	}{Version: change.Version, Layers: []layerBoxes{}}
	for _, l := range change.Layers {
		boxes := layerBoxes{Layer: l.Layer, Whole: l.Whole, Bounds: [][4]float64{}}
		for _, b := range geo.MergeExtents(geo.Extents(l.Touches), maxBoxes) {
			boxes.Bounds = append(boxes.Bounds, degrees(b))
		}
		body.Layers = append(body.Layers, boxes)
	}
	name := "change"
	if change.Catalog {
		name = "catalog"
	}
	data, err := json.Marshal(body)
	return event{name: name, data: data}, err
}

func degrees(b orb.Bound) [4]float64 {
	return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}
