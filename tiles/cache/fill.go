package cache

import (
	"context"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/tiles"
)

// maxFills is how many fills there may be at a time, each for at most [tiles.Patience].
const maxFills = 512

// flight is one fill and those who wait for it.
type flight struct {
	ctx     context.Context
	cancel  context.CancelFunc
	waiters int // under Cache.mu

	done chan struct{} // closed when tile and err stand
	tile *Tile
	err  error
}

// Draft is what drawing a tile makes: its uncompressed bytes, and what
// [tiles.Stats.Degraded] says of it.
type Draft func(context.Context) (body []byte, degraded string, err error)

// Preparation gets what a drawing needs before it has its turn, so that nothing that is
// waited for keeps others from theirs. It is carried out once the fill stands, like the
// drawing itself.
type Preparation func(context.Context) (Draft, error)

// Fill returns the tile of the key, which draw makes unless it is there or being
// made already, packed in the encoding that is wanted first. The drawing does not end with this caller's
// context but when all who wait have left, or after 10 seconds; then, and when
// too many others are under way, the error is of kind geo.ErrUnavailable. Errors
// are not kept.
func (c *Cache) Fill(ctx context.Context, k Key, e Encoding, draw Draft) (*Tile, error) {
	return c.FillPrepared(ctx, k, e, func(context.Context) (Draft, error) { return draw, nil })
}

// FillPrepared is Fill with a preparation, whose time counts too.
func (c *Cache) FillPrepared(ctx context.Context, k Key, e Encoding, prepare Preparation) (*Tile, error) {
	f, there, err := c.join(ctx, k, e, prepare)
	if there != nil || err != nil {
		return there, err
	}
	select {
	case <-f.done:
		return f.tile, f.err
	case <-ctx.Done():
		c.leave(k, f)
		return nil, lang.Errorf("tile %s of %s: %w", k.Tile, k.View, ctx.Err())
	case <-f.ctx.Done():
		select {
		case <-f.done:
			return f.tile, f.err
		default:
			return nil, tooLong(k)
		}
	}
}

func tooLong(k Key) error {
	return lang.Errorf("tile %s of %s: not drawn within %s: %w", k.Tile, k.View, tiles.Patience, geo.ErrUnavailable)
}

// join finds the fill of a key or starts it, or finds that the tile is there.
func (c *Cache) join(ctx context.Context, k Key, e Encoding, prepare Preparation) (*flight, *Tile, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, flying := c.flights[k]; flying {
		c.miss(k)
		f.waiters++
		return f, nil, nil
	}
	if t, found := c.tiles.GetIfPresent(k); found {
		c.hit(k)
		return nil, t, nil
	}
	c.miss(k)
	if c.flying >= maxFills {
		return nil, nil, lang.Errorf("tile %s of %s: %d other tiles are being drawn; try again: %w", k.Tile, k.View,
			c.flying, geo.ErrUnavailable)
	}
	f := &flight{waiters: 1, done: make(chan struct{})}
	f.ctx, f.cancel = context.WithTimeout(context.WithoutCancel(ctx), tiles.Patience)
	c.flights[k] = f
	c.flying++
	go c.fly(k, f, e, prepare)
	return f, nil, nil
}

// leave is called by one who waits no longer; the last one ends the fill.
func (c *Cache) leave(k Key, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiters--
	if f.waiters > 0 {
		return
	}
	f.cancel()
	if c.flights[k] == f {
		delete(c.flights, k)
	}
}

// fly carries a fill out, keeps its tile unless it was dropped meanwhile, and
// tells those who wait.
func (c *Cache) fly(k Key, f *flight, e Encoding, prepare Preparation) {
	defer f.cancel()
	f.tile, f.err = c.draw(f.ctx, k, e, prepare)
	c.mu.Lock()
	c.flying--
	if c.flights[k] == f {
		delete(c.flights, k)
		if f.err == nil {
			c.keep(k, f.tile)
		}
	}
	c.mu.Unlock()
	close(f.done)
}

// draw prepares, waits for its turn, draws and packs.
func (c *Cache) draw(ctx context.Context, k Key, e Encoding, prepare Preparation) (t *Tile, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = lang.Errorf("tile %s of %s: drawing failed: %v", k.Tile, k.View, p)
		}
		c.counters.fills.Add(1)
		if err != nil {
			c.counters.failures.Add(1)
		}
	}()
	draw, err := prepare(ctx)
	if err != nil {
		return nil, lang.Errorf("tile %s of %s: %w", k.Tile, k.View, err)
	}
	if err := c.enter(ctx); err != nil {
		return nil, tooLong(k)
	}
	defer c.exit()
	body, degraded, err := draw(ctx)
	if err != nil {
		return nil, lang.Errorf("tile %s of %s: %w", k.Tile, k.View, err)
	}
	t = newTile(&c.packer, body, degraded)
	return t, t.keepOnly(e)
}

// enter waits for a turn to draw.
func (c *Cache) enter(ctx context.Context) error {
	select {
	case c.room <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if ctx.Err() != nil {
		c.exit()
		return ctx.Err()
	}
	return nil
}

func (c *Cache) exit() { <-c.room }

// Aside carries out a drawing that is not kept, when it is its turn among those that
// are. The error is of kind geo.ErrUnavailable when too many others wait.
func (c *Cache) Aside(ctx context.Context, draw func() error) error {
	c.mu.Lock()
	if c.flying >= maxFills {
		defer c.mu.Unlock()
		return lang.Errorf("%d tiles are being drawn; try again: %w", c.flying, geo.ErrUnavailable)
	}
	c.flying++
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.flying--
	}()
	if err := c.enter(ctx); err != nil {
		return err
	}
	defer c.exit()
	return draw()
}

// Finish makes a tile of its uncompressed bytes and of what [tiles.Stats.Degraded] says of it,
// without keeping it.
func (c *Cache) Finish(body []byte, degraded string) *Tile { return newTile(&c.packer, body, degraded) }

// fewViews is how many views are remembered at least before those without tiles are
// forgotten.
const fewViews = 256

// keep puts a tile into the cache. It needs c.mu.
func (c *Cache) keep(k Key, t *Tile) {
	c.tiles.Set(k, t)
	c.tags.Set(k, &t.etags)
	if _, known := c.views[k.View]; known {
		return
	}
	if len(c.views) >= c.enough {
		clear(c.views)
		for other := range c.tiles.Keys() {
			c.views[other.View] = struct{}{}
		}
		for other := range c.tags.Keys() {
			c.views[other.View] = struct{}{}
		}
		c.enough = max(fewViews, 2*len(c.views))
	}
	c.views[k.View] = struct{}{}
}
