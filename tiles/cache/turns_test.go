package cache

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"

	"yizhan/tiles/tilestest"

	"yizhan/geo"
	"yizhan/tiles"
)

// Whatever drawings wait for before their turn, others are drawn meanwhile.
func TestAPreparationTakesNoTurnOfDrawing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		release := make(chan struct{})
		for i := range uint32(2 * runtime.GOMAXPROCS(0)) {
			go func() {
				slow := Key{View: tiles.View{Layers: "road", AsOf: 1}, Tile: geo.Tile{Z: 20, X: i}}
				_, err := c.FillPrepared(t.Context(), slow, Gzip,
					func(context.Context) (Draft, error) { <-release; return ready("x"), nil })
				if err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		fill(t, c, Key{}, "y")
		close(release)
		synctest.Wait()
		if s := c.Stats(); s.Tiles != 2*runtime.GOMAXPROCS(0)+1 || s.Filling != 0 {
			t.Errorf("in the end %+v", s)
		}
	})
}

// A change during the preparation counts like one during the drawing.
func TestADropOvertakesAPreparation(t *testing.T) {
	c := New(1 << 20)
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	_, err := c.FillPrepared(t.Context(), k, Gzip, func(context.Context) (Draft, error) {
		c.DropLayer("road")
		return ready("old"), nil
	})
	if _, kept := c.Get(k); err != nil || kept {
		t.Errorf("a tile from before a change is kept (%v)", err)
	}
}

func TestADrawingAsideWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		release := make(chan struct{})
		for i := range uint32(runtime.GOMAXPROCS(0)) {
			go func() {
				_, _ = c.Fill(t.Context(), Key{Tile: geo.Tile{Z: 20, X: i}}, Gzip,
					func(context.Context) ([]byte, string, error) { <-release; return nil, "", nil })
			}()
		}
		synctest.Wait()
		drawn := make(chan error, 1)
		go func() { drawn <- c.Aside(t.Context(), func() error { return nil }) }()
		synctest.Wait()
		if len(drawn) != 0 {
			t.Error("it is drawn beside as many as may be at a time")
		}
		gone, goAway := context.WithCancel(t.Context())
		goAway()
		if err := c.Aside(gone, func() error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("one who has gone is told %v", err)
		}
		close(release)
		if err := <-drawn; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		c.flying = maxFills
		if err := c.Aside(t.Context(), func() error { return nil }); !errors.Is(err, geo.ErrUnavailable) {
			t.Errorf("beyond the bound it is told %v", err)
		}
	})
}
