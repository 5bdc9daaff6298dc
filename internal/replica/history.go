package replica

import (
	"context"
	"slices"
	"sync"
	"time"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/queue"
)

// Limits of history: how many pasts are kept, with at most as many features in total as the
// layers have now (or this minimum), and how long making one may take.
const (
	historyKept     = 128
	historyFeatures = 10_000
	historyPatience = 30 * time.Second
)

// History makes layers as they were from the journal, each once for all who ask, and
// keeps the last ones. Making one waits its turn in a queue.
type History struct {
	ledger   *ledger.Ledger
	turns    *queue.Queue
	features func() int

	mu     sync.Mutex
	making map[pastKey]*past
	kept   []*past // most recently used last
}

// pastKey names a past: a layer as it is described now, at one instant, or what
// differs between two. A later instant that is zero is the present, whose features
// are those of the collection.
type pastKey struct {
	layer    *geo.Layer
	between  bool // else both instants are the same
	from, to time.Time
	present  *index.Collection
}

// past is one that is made or being made; done is closed when it is.
type past struct {
	key        pastKey
	same       pastKey // as the journal has it: from change to change; zero where there is none
	collection *index.Collection
	err        error
	done       chan struct{}

	ctx      context.Context
	waiting  int                // under History.mu
	outdated bool               // it may hold what is no longer to be seen, and is not kept
	begun    bool               // it is past the queue and goes on without anybody who waits
	abandon  context.CancelFunc // takes it out of the queue
}

// NewHistory reads a ledger's history, queued in turns; features is how many the layers have
// now.
func NewHistory(s *ledger.Ledger, turns *queue.Queue, features func() int) *History {
	return &History{ledger: s, turns: turns, features: features, making: map[pastKey]*past{}}
}

// AsOf is a layer as it was at an instant, for a client of the queue. An instant before
// the journal knows the layer is of kind geo.ErrInvalid.
func (h *History) AsOf(ctx context.Context, client string, c *index.Collection,
	at time.Time) (*index.Collection, error) {
	return h.past(ctx, client, c, pastKey{layer: c.Layer(), from: at, to: at})
}

// changeField tells what became of a feature between two instants.
const changeField = "change"

// Between is what differs in a layer between two instants, of which the later may
// be zero for the present: features with the layer's fields and a field "change",
// which is added, removed or changed. One that is gone is as it was, every other as
// it is at the later instant.
func (h *History) Between(ctx context.Context, client string, c *index.Collection, from,
	to time.Time) (*index.Collection, error) {
	key := pastKey{layer: c.Layer(), between: true, from: from, to: to}
	if to.IsZero() {
		key.present = c
	}
	return h.past(ctx, client, c, key)
}

// Differing is the layer of differences of a layer: coloured by what became of a feature.
func Differing(l geo.Layer) geo.Layer {
	zero := 0
	l.Facet = changeField
	l.Fields = append(withoutChange(l.Fields), geo.Field{
		Name: changeField, Type: geo.Text, MinZoom: &zero, Title: lang.Label{ZH: "变化", EN: "Change"},
		Categories: []geo.Category{
			{Value: "added", Label: lang.Label{ZH: "新增", EN: "Added"}, Color: "#2f8f4e"},
			{Value: "changed", Label: lang.Label{ZH: "变更", EN: "Changed"}, Color: "#d98e04"},
			{Value: "removed", Label: lang.Label{ZH: "撤除", EN: "Removed"}, Color: "#c0262d"},
		},
	})
	return l
}

// withoutChange leaves out a field of the layer's own that has the same name.
func withoutChange(fields []geo.Field) []geo.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f geo.Field) bool { return f.Name == changeField })
}
