package live

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

// Event is one message of the live feed, encoded once for all listeners.
type Event struct {
	Name    string
	Data    []byte
	Version replica.Token // reached with it
	Ground  []Ground
	Catalog bool // layers came, went or changed their description
}

// Ground is what changed in a layer: some boxes, or the whole of it.
type Ground struct {
	layer geo.LayerName
	whole bool
	boxes []geo.Extent
}

// Feed passes changes on to its listeners, and remembers recent ones for returning clients.
type Feed struct {
	mu        sync.Mutex
	listeners map[chan Event]struct{}
	closed    bool
	base      replica.Token // the version before the first that is remembered
	recent    []Event
}

// remembered is how many changes are kept for returning clients.
const remembered = 1024

// NewFeed makes a feed without listeners.
func NewFeed() *Feed {
	return &Feed{listeners: map[chan Event]struct{}{}}
}

// Listen adds a listener; the channel is closed when it falls too far behind or
// the server stops. leave removes it.
func (f *Feed) Listen() (events <-chan Event, leave func()) {
	c := make(chan Event, listenerRoom)
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
func (f *Feed) drop(c chan Event) {
	if _, present := f.listeners[c]; present {
		delete(f.listeners, c)
		close(c)
	}
}

// Tell never waits: a listener without room is dropped, reconnects and reloads.
func (f *Feed) Tell(e Event) {
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

// Close ends all listeners, so that a stopping server can drain.
func (f *Feed) Close() {
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

// Changes is what changed up to a version, as clients read it.
type Changes struct {
	Version string       `json:"version"`
	Layers  []layerBoxes `json:"layers"`
	Catalog bool         `json:"catalog"` // layers came, went or changed their description
}

// NewEvent makes the event of a change.
func NewEvent(change replica.Change) (Event, error) {
	version, err := replica.ParseToken(change.Version)
	if err != nil {
		return Event{}, err
	}
	e := Event{Version: version, Catalog: change.Catalog}
	for _, l := range change.Layers {
		boxes := geo.MergeExtents(index.Extents(l.Touches), maxBoxes)
		e.Ground = append(e.Ground, Ground{layer: l.Layer, whole: l.Whole, boxes: boxes})
	}
	return e, e.Encode()
}

// Encode fills in what is sent.
func (e *Event) Encode() (err error) {
	e.Name = "change"
	if e.Catalog {
		e.Name = "catalog"
	}
	e.Data, err = json.Marshal(e.Changes())
	return err
}

// Changes is the event as clients read it.
func (e *Event) Changes() Changes {
	all := Changes{Version: e.Version.String(), Layers: []layerBoxes{}, Catalog: e.Catalog}
	for _, g := range e.Ground {
		boxes := layerBoxes{Layer: g.layer, Whole: g.whole, Bounds: [][4]float64{}}
		for _, b := range g.boxes {
			boxes.Bounds = append(boxes.Bounds, Degrees(b.Bound()))
		}
		all.Layers = append(all.Layers, boxes)
	}
	return all
}

// Degrees is a box as west, south, east and north.
func Degrees(b orb.Bound) [4]float64 {
	return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}
