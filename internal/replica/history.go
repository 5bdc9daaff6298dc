package replica

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/store"
)

// Bounds of looking back: how many pasts are made at a time, how many are kept and
// with how many features in all, and how long making one may take.
const (
	historyBuilds   = 2
	historyKept     = 16
	historyFeatures = 3_000_000
	historyPatience = 30 * time.Second
)

// History makes layers as they were from the journal, and keeps the last ones.
type History struct {
	store *store.Store
	room  chan struct{}

	mu   sync.Mutex
	kept []*past // most recently used last
}

// pastKey names a past: a layer as it is described now, at one instant, or what
// differs between two. A later instant that is zero is the present, whose features
// are those of the collection.
type pastKey struct {
	layer    *geo.Layer
	from, to time.Time
	present  *geo.Collection
}

// past is one that is made or being made; done is closed when it is.
type past struct {
	key        pastKey
	done       chan struct{}
	collection *geo.Collection
	err        error
}

// NewHistory looks back through a ledger.
func NewHistory(s *store.Store) *History {
	return &History{store: s, room: make(chan struct{}, historyBuilds)}
}

// AsOf is a layer as it was at an instant. An instant before the journal knows the
// layer is of kind geo.ErrInvalid.
func (h *History) AsOf(ctx context.Context, c *geo.Collection, at time.Time) (*geo.Collection, error) {
	return h.past(ctx, pastKey{layer: c.Layer(), from: at, to: at}, func(ctx context.Context) (*geo.Collection, error) {
		layer := c.Layer()
		return build(layer, layer.Fields, func(read func(pgx.Rows) error) error { return h.store.Past(ctx, layer, at, read) })
	})
}

// changeField tells what became of a feature between two instants.
const changeField = "change"

// Between is what differs in a layer between two instants, of which the later may
// be zero for the present: features with the layer's fields and a field "change",
// which is added, removed or changed. One that is gone is as it was, every other as
// it is at the later instant.
func (h *History) Between(ctx context.Context, c *geo.Collection, from, to time.Time) (*geo.Collection, error) {
	key := pastKey{layer: c.Layer(), from: from, to: to}
	until := to
	if to.IsZero() {
		key.present, until = c, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return h.past(ctx, key, func(ctx context.Context) (*geo.Collection, error) {
		asked := *c.Layer()
		asked.Fields = withoutChange(asked.Fields)
		differing := Differing(asked)
		return build(&differing, differing.Fields, func(read func(pgx.Rows) error) error {
			return h.store.Difference(ctx, &asked, from, until, read)
		})
	})
}

// Differing is the layer of differences of a layer: coloured by what became of a feature.
func Differing(l geo.Layer) geo.Layer {
	zero := 0
	l.Facet = changeField
	l.Fields = append(withoutChange(l.Fields), geo.Field{
		Name: changeField, Type: geo.Text, MinZoom: &zero, Title: geo.Label{ZH: "变化", EN: "Change"},
		Categories: []geo.Category{
			{Value: "added", Label: geo.Label{ZH: "新增", EN: "Added"}, Color: "#2f8f4e"},
			{Value: "changed", Label: geo.Label{ZH: "变更", EN: "Changed"}, Color: "#d98e04"},
			{Value: "removed", Label: geo.Label{ZH: "撤除", EN: "Removed"}, Color: "#c0262d"},
		},
	})
	return l
}

// withoutChange leaves out a field of the layer's own that has the same name.
func withoutChange(fields []geo.Field) []geo.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f geo.Field) bool { return f.Name == changeField })
}

// build makes a collection of the rows that a statement reads.
func build(layer *geo.Layer, fields []geo.Field, query func(read func(pgx.Rows) error) error) (*geo.Collection, error) {
	b := geo.NewBuilder(layer, 0)
	rows := reader{fields: fields, dictionary: b.Dictionary(), add: b.Add}
	if err := query(rows.all); err != nil {
		return nil, err
	}
	return b.Build(), nil
}

// past finds one that is kept or has it made, once however many ask.
func (h *History) past(ctx context.Context, key pastKey, make func(context.Context) (*geo.Collection, error)) (*geo.Collection, error) {
	p, mine := h.find(key)
	if mine {
		go h.fill(context.WithoutCancel(ctx), p, make)
	}
	select {
	case <-p.done:
		return p.collection, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *History) find(key pastKey) (p *past, mine bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, p := range h.kept {
		if p.key == key {
			h.kept = append(slices.Delete(h.kept, i, i+1), p)
			return p, false
		}
	}
	p = &past{key: key, done: make(chan struct{})}
	h.kept = append(h.kept, p)
	return p, true
}

func (h *History) fill(ctx context.Context, p *past, make func(context.Context) (*geo.Collection, error)) {
	ctx, cancel := context.WithTimeout(ctx, historyPatience)
	defer cancel()
	var made *geo.Collection
	var err error
	select {
	case h.room <- struct{}{}:
		made, err = make(ctx)
		<-h.room
	case <-ctx.Done():
		err = fmt.Errorf("layer %q: others look back too: %w", p.key.layer.Name, geo.ErrUnavailable)
	}
	h.mu.Lock()
	p.collection, p.err = made, err
	if err != nil {
		h.kept = slices.DeleteFunc(h.kept, func(o *past) bool { return o == p })
	}
	h.trim()
	h.mu.Unlock()
	close(p.done)
}

// trim forgets the pasts that were not used for longest. It needs h.mu.
func (h *History) trim() {
	features := 0
	for i := len(h.kept) - 1; i >= 0; i-- {
		if c := h.kept[i].collection; c != nil {
			features += c.Len()
		}
		if len(h.kept)-i > historyKept || features > historyFeatures && i < len(h.kept)-1 {
			h.kept = slices.Delete(h.kept, 0, i+1)
			return
		}
	}
}

// cityOffset is the city's time, that of Beijing, in seconds east of UTC.
const cityOffset = 8 * 60 * 60

// ParseInstant reads a date, which stands for the end of that day in the city, or a
// moment (RFC 3339). The error is of kind geo.ErrInvalid.
func ParseInstant(text string) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, time.FixedZone("", cityOffset)); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Microsecond).UTC(), nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.Truncate(time.Microsecond).UTC(), nil
	}
	return time.Time{}, fmt.Errorf("time %.40q: write a day as 2024-05-01, or a moment as 2024-05-01T08:00:00+08:00: %w", text, geo.ErrInvalid)
}
