package replica

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/queue"
)

// past finds a cached past or has it made, once for all who ask. A caller that stops waiting
// leaves the queue, unless others wait for the same past.
func (h *History) past(ctx context.Context, client string, c *index.Collection,
	key pastKey) (*index.Collection, error) {
	for {
		p, mine := h.join(ctx, key)
		if mine {
			go h.fill(p, client, c)
		}
		select {
		case <-p.done:
		case <-ctx.Done():
			h.leave(p)
			return nil, ctx.Err()
		}
		var refused *queue.Refused
		if !mine && errors.As(p.err, &refused) && !refused.Concerns(client) {
			continue // that was said to another
		}
		return p.collection, p.err
	}
}

// join finds a past or begins one, which is then the caller's to fill.
func (h *History) join(ctx context.Context, key pastKey) (p *past, mine bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p = h.find(func(p *past) bool { return p.key == key }); p != nil {
		return p, false
	}
	if p = h.making[key]; p != nil {
		p.waiting++
		return p, false
	}
	p = &past{key: key, done: make(chan struct{}), waiting: 1}
	p.ctx, p.abandon = context.WithCancel(context.WithoutCancel(ctx))
	h.making[key] = p
	return p, true
}

// find looks among those that are kept. It needs h.mu.
func (h *History) find(like func(*past) bool) *past {
	i := slices.IndexFunc(h.kept, like)
	if i < 0 {
		return nil
	}
	p := h.kept[i]
	h.kept = append(slices.Delete(h.kept, i, i+1), p)
	return p
}

func (h *History) leave(p *past) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p.waiting--; p.waiting == 0 && !p.begun {
		p.abandon()
		h.forget(p)
	}
}

// forget lets the next caller begin again. It needs h.mu.
func (h *History) forget(p *past) {
	if h.making[p.key] == p {
		delete(h.making, p.key)
	}
}

// fill waits for a turn and makes a past. Once begun it is finished even if nobody waits any
// longer, because the caller is likely to ask again.
func (h *History) fill(p *past, client string, c *index.Collection) {
	defer p.abandon()
	made, same, err := h.byTurn(p, client, c)
	h.mu.Lock()
	p.collection, p.same, p.err = made, same, err
	h.forget(p)
	if err == nil && !p.outdated {
		h.kept = append(h.kept, p)
		h.trim()
	}
	h.mu.Unlock()
	close(p.done)
}

func (h *History) byTurn(p *past, client string,
	c *index.Collection) (made *index.Collection, same pastKey, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = lang.Errorf("history of layer %q: internal error: %v", p.key.layer.Name, broken)
		}
	}()
	leave, err := h.turns.Enter(p.ctx, client)
	if err != nil {
		return nil, same, err
	}
	defer leave()
	h.mu.Lock()
	p.begun = true
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), historyPatience)
	defer cancel()
	return h.make(ctx, p.key, c)
}

// make makes a past, or finds that it is one which is kept under another instant.
func (h *History) make(ctx context.Context, key pastKey, c *index.Collection) (*index.Collection, pastKey, error) {
	same := key
	var err error
	if same.from, same.to, err = h.ledger.Moments(ctx, key.layer, key.from, key.to); err != nil {
		return nil, same, err
	}
	if key.to.IsZero() {
		same.to = time.Time{}
	}
	if same.from.IsZero() {
		same.from, same.to = key.from, key.to // before the journal knows the layer, which is to be said
	}
	h.mu.Lock()
	known := h.find(func(p *past) bool { return p.same == same })
	h.mu.Unlock()
	if known != nil {
		return known.collection, same, nil
	}
	made, err := h.read(ctx, same, c)
	return made, same, err
}

// forever is an instant after all that the journal will have.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// read makes a past from the ledger.
func (h *History) read(ctx context.Context, key pastKey, c *index.Collection) (*index.Collection, error) {
	if !key.between {
		layer := c.Layer()
		return build(layer, c.Len(), layer.Fields,
			func(read func(pgx.Rows) error) error { return h.ledger.Past(ctx, layer, key.from, read) })
	}
	until := key.to
	if until.IsZero() {
		until = forever
	}
	asked := *c.Layer()
	asked.Fields = withoutChange(asked.Fields)
	differing := Differing(asked)
	return build(&differing, 0, differing.Fields, func(read func(pgx.Rows) error) error {
		return h.ledger.Difference(ctx, &asked, key.from, until, read)
	})
}

// pace is how many rows are read before a rest, and longestRest how long that is at most.
const (
	pace        = 256
	longestRest = 3 * time.Millisecond
)

// paced rests after every few rows for as long as they took, so that reading many rows takes
// at most half a core from drawing.
func paced(add func(int64, []byte, []index.Ref) error) func(int64, []byte, []index.Ref) error {
	rows, began := 0, time.Time{}
	return func(id int64, wkb []byte, values []index.Ref) error {
		if rows%pace == 0 {
			if rows > 0 {
				time.Sleep(min(time.Since(began), longestRest))
			}
			began = time.Now()
		}
		rows++
		return add(id, wkb, values)
	}
}

// build makes a collection of the rows that a statement reads, about so many.
func build(layer *geo.Layer, about int, fields []geo.Field,
	query func(read func(pgx.Rows) error) error) (*index.Collection, error) {
	b := index.NewBuilder(layer, about)
	rows := reader{fields: fields, dictionary: b.Dictionary(), add: paced(b.Add)}
	if err := query(rows.all); err != nil {
		return nil, err
	}
	return b.Build(), nil
}

// trim forgets the pasts that were not used for longest. It needs h.mu.
func (h *History) trim() {
	features, most := 0, max(historyFeatures, h.features())
	seen := map[*index.Collection]bool{} // one may be kept under several instants
	for i := len(h.kept) - 1; i >= 0; i-- {
		if c := h.kept[i].collection; !seen[c] {
			seen[c] = true
			features += c.Len()
		}
		if len(h.kept)-i > historyKept || features > most && i < len(h.kept)-1 {
			h.kept = slices.Delete(h.kept, 0, i+1)
			return
		}
	}
}
