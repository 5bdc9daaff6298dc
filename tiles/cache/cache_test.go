package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"yizhan/tiles/tilestest"

	"github.com/klauspost/compress/gzip"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
)

func ready(body string) Draft {
	return func(context.Context) ([]byte, string, error) { return []byte(body), "", nil }
}

// plain is the tile's body.
func plain(t *Tile) []byte { return in(t, Identity) }

func in(t *Tile, e Encoding) []byte {
	b, err := t.In(e)
	if err != nil {
		panic(err)
	}
	return b.Bytes
}

func fill(t testing.TB, c *Cache, k Key, body string) *Tile {
	t.Helper()
	done, err := c.Fill(t.Context(), k, Gzip, ready(body))
	if err != nil {
		t.Fatalf("fill %v: %v", k, err)
	}
	return done
}

func TestFilledTilesAreThereInBothEncodings(t *testing.T) {
	c := New(1 << 20)
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	if _, found := c.Get(k); found {
		t.Error("an empty cache has a tile")
	}
	want := bytes.Repeat([]byte("驿站"), 1000)
	fill(t, c, k, string(want))
	got, found := c.Get(k)
	if !found || got.Empty() || got.Len() != len(want) || !bytes.Equal(plain(got), want) {
		t.Fatalf("found %v: %d bytes", found, got.Len())
	}
	zip, err := gzip.NewReader(bytes.NewReader(in(got, Gzip)))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(zip); err != nil || !bytes.Equal(back, want) {
		t.Errorf("the gzip holds %d bytes: %v", len(back), err)
	}
	if a, b := got.ETag(Gzip)[0], got.ETag(Identity)[0]; a == b || a[0] != '"' || a[len(a)-1] != '"' {
		t.Errorf("entity tags %s and %s", a, b)
	}
	s := c.Stats()
	if s.Hits[14] != 1 || s.Misses[14] != 1 || s.Fills != 1 || s.Tiles != 1 || s.Bytes == 0 {
		t.Errorf("stats are %+v", s)
	}
}

func TestTheTagFollowsTheContentOnly(t *testing.T) {
	a, b := New(1<<20), New(1<<20)
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	same, other := fill(t, a, k, "x"), fill(t, b, Key{View: tiles.Of("manhole")}, "x")
	if same.ETag(Gzip)[0] != other.ETag(Gzip)[0] {
		t.Error("the same bytes have two tags")
	}
	if different := fill(t, b, k, "y"); different.ETag(Gzip)[0] == same.ETag(Gzip)[0] {
		t.Error("different bytes have one tag")
	}
}

func TestEmptyTilesAreKeptToo(t *testing.T) {
	c := New(1 << 20)
	if got := fill(t, c, Key{}, ""); !got.Empty() || len(in(got, Gzip)) != 0 || len(plain(got)) != 0 ||
		got.ETag(Gzip) == nil {
		t.Errorf("an empty tile is %+v", got)
	}
	if got, found := c.Get(Key{}); !found || !got.Empty() {
		t.Error("the empty tile was not kept")
	}
}

func TestManyWhoAskHaveOneTileDrawn(t *testing.T) {
	c := New(1 << 20)
	var drawings atomic.Int32
	release := make(chan struct{})
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() {
			_, err := c.Fill(t.Context(), Key{}, Gzip, func(context.Context) ([]byte, string, error) {
				drawings.Add(1)
				<-release
				return []byte("x"), "", nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for c.Stats().Filling == 0 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	wait.Wait()
	if n := drawings.Load(); n != 1 {
		t.Errorf("drawn %d times", n)
	}
}

func TestErrorsAreToldAndNotKept(t *testing.T) {
	c := New(1 << 20)
	_, err := c.Fill(t.Context(), Key{}, Gzip, func(context.Context) ([]byte, string, error) {
		return nil, "",
			geo.ErrNotFound
	})
	if !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	_, err = c.Fill(t.Context(), Key{}, Gzip, func(context.Context) ([]byte, string, error) { panic("broken") })
	if err == nil {
		t.Error("a panic was not told")
	}
	fill(t, c, Key{}, "x")
	if s := c.Stats(); s.Failures != 2 || s.Fills != 3 || s.Filling != 0 {
		t.Errorf("stats are %+v", s)
	}
}

// The first who asks may leave; the tile is drawn for the others all the same.
func TestADrawingEndsWhenAllHaveLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		ended := make(chan error, 2)
		slow := func(ctx context.Context) ([]byte, string, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, "", ctx.Err()
		}
		first, leaveFirst := context.WithCancel(t.Context())
		second, leaveSecond := context.WithCancel(t.Context())
		answers := make(chan error, 2)
		go func() { _, err := c.Fill(first, Key{}, Gzip, slow); answers <- err }()
		synctest.Wait()
		go func() { _, err := c.Fill(second, Key{}, Gzip, slow); answers <- err }()
		synctest.Wait()
		leaveFirst()
		if err := <-answers; !errors.Is(err, context.Canceled) {
			t.Errorf("who left is told %v", err)
		}
		synctest.Wait()
		if len(ended) != 0 {
			t.Error("the drawing ended while somebody waited")
		}
		leaveSecond()
		<-answers
		synctest.Wait()
		if len(ended) != 1 {
			t.Error("the drawing goes on for nobody")
		}
		fill(t, c, Key{}, "x")
	})
}

func TestADrawingThatTakesTooLongIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		release := make(chan struct{})
		_, err := c.Fill(t.Context(), Key{}, Gzip, func(context.Context) ([]byte, string, error) {
			<-release
			return nil, "", nil
		})
		if !errors.Is(err, geo.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		close(release)
	})
}

func TestTooManyDrawingsAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		release := make(chan struct{})
		for i := range uint32(maxFills) {
			go func() {
				_, err := c.Fill(t.Context(), Key{Tile: geo.Tile{Z: 20, X: i}}, Gzip,
					func(context.Context) ([]byte, string, error) { <-release; return nil, "", nil })
				if err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if _, err := c.Fill(t.Context(), Key{}, Gzip, ready("x")); !errors.Is(err, geo.ErrUnavailable) {
			t.Errorf("one more is told %v", err)
		}
		close(release)
		synctest.Wait()
		fill(t, c, Key{}, "x")
	})
}

// What was begun before a change answers those who waited, but is neither kept
// nor given to those who ask after it.
func TestADropOvertakesADrawing(t *testing.T) {
	for name, drop := range map[string]func(*Cache){
		"of some ground": func(c *Cache) { c.Drop("road", []index.Touch{{Extent: tilestest.Tile().Extent()}}) },
		"of a layer":     func(c *Cache) { c.DropLayer("road") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := New(1 << 20)
				k := Key{View: tiles.Of("manhole", "road"), Tile: tilestest.Tile()}
				release, answer := make(chan struct{}), make(chan string, 1)
				go func() {
					old, err := c.Fill(t.Context(), k, Gzip,
						func(context.Context) ([]byte, string, error) { <-release; return []byte("old"), "", nil })
					if err != nil {
						t.Error(err)
					}
					answer <- string(plain(old))
				}()
				synctest.Wait()
				drop(c)
				if got := fill(t, c, k, "new"); string(plain(got)) != "new" {
					t.Errorf("asked after the change and got %q", plain(got))
				}
				close(release)
				if got := <-answer; got != "old" {
					t.Errorf("who waited got %q", got)
				}
				if got, found := c.Get(k); !found || string(plain(got)) != "new" {
					t.Error("the old drawing replaced the new one")
				}
			})
		})
	}
}

// Drop finds the same tiles by looking up addresses as by walking, and they are
// exactly those whose windows the extents touch.
func TestDropTakesExactlyTheTouchedTiles(t *testing.T) {
	for _, c := range []struct {
		name    string
		extents int
		size    uint32
		from    uint8
		beyond  uint8
	}{
		{"one point", 1, 0, 0, 0}, {"a small box", 1, 1 << 12, 0, 0}, {"a district", 1, 1 << 22, 0, 0},
		{"many points", 400, 0, 0, 0}, {"many boxes", 400, 1 << 14, 0, 0},
		{"a point in cells", 1, 0, 0, 14}, {"a value shown late", 1, 1 << 12, 16, 0},
		{"many values shown late", 400, 0, 16, 14},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, 12))
			cache := New(1 << 30)
			center := tilestest.Tile().Extent().Center()
			keys := keysAround(t, cache)
			var touches []index.Touch
			for range c.extents {
				x, y := center.X()+r.Uint32N(1<<19)-1<<18, center.Y()+r.Uint32N(1<<19)-1<<18
				e := geo.Extent{MinX: x, MinY: y, MaxX: x + c.size, MaxY: y + c.size}
				touches = append(touches, index.Touch{Extent: e, From: c.from, Beyond: c.beyond})
			}
			dropped := cache.Drop("road", touches)
			expected := 0
			for _, k := range keys {
				touched := false
				for _, e := range touches {
					ground := k.Tile.Window()
					if k.Tile.Z < c.beyond {
						ground = k.Tile.Extent()
					}
					late := k.Tile.Z < c.from && k.View.Usual()
					touched = touched || e.Intersects(ground) && !late
				}
				touched = touched && k.View.Has("road")
				if touched {
					expected++
				}
				if _, there := cache.tiles.GetIfPresent(k); there == touched {
					t.Errorf("%v touched: %v, there: %v", k, touched, there)
				}
			}
			if dropped != expected || expected == 0 {
				t.Errorf("dropped %d, expected %d", dropped, expected)
			}
		})
	}
}

// around is the tiles of a zoom that a square of some tiles around the middle one has.
func around(z uint8, reach int64) (all []geo.Tile) {
	middle := tilestest.Tile().Extent().Center()
	x, y := int64(middle.X()>>(32-z)), int64(middle.Y()>>(32-z))
	for row := max(y-reach, 0); row <= min(y+reach, 1<<z-1); row++ {
		for column := max(x-reach, 0); column <= min(x+reach, 1<<z-1); column++ {
			all = append(all, geo.Tile{Z: z, X: uint32(column), Y: uint32(row)})
		}
	}
	return all
}

// keysAround fills the cache with tiles of all zooms for some lists of layers.
func keysAround(t *testing.T, cache *Cache) []Key {
	var keys []Key
	for z := range uint8(geo.MaxZoom + 1) {
		for _, at := range around(z, 3) {
			for _, v := range []tiles.View{tiles.Of("road"), tiles.Of("manhole"), tiles.Of("manhole", "road"),
				tiles.Of("road", "wall_site"), tiles.Of("roads"), {Layers: "road", Filter: "a = 1"}} {
				k := Key{View: v, Tile: at}
				fill(t, cache, k, "x")
				keys = append(keys, k)
			}
		}
	}
	return keys
}

func TestDropLayerTakesAllSetsWithIt(t *testing.T) {
	c := New(1 << 30)
	keys := keysAround(t, c)
	c.DropLayer("road")
	for _, k := range keys {
		if _, there := c.Get(k); there != !k.View.Has("road") {
			t.Errorf("%v there: %v", k, there)
		}
	}
}

func TestTheCacheStaysWithinItsBytes(t *testing.T) {
	const limit = 200_000
	c := New(limit)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range uint32(2000) {
		body := make([]byte, 1000)
		for j := range body {
			body[j] = byte(r.Uint32())
		}
		fill(t, c, Key{View: tiles.Of(geo.LayerName(fmt.Sprint("l", i))), Tile: geo.Tile{Z: 20, X: i}}, string(body))
	}
	if s := c.Stats(); s.Bytes > limit || s.Tiles == 0 {
		t.Errorf("holds %d bytes in %d tiles", s.Bytes, s.Tiles)
	}
	if n, tags := len(c.views), c.tags.EstimatedSize(); n > 2*tags+fewViews {
		t.Errorf("remembers %d views, and the tags of %d tiles", n, tags)
	}
}

func TestALookWhetherATileIsThereIsNotCounted(t *testing.T) {
	c := New(1 << 20)
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	before := c.Has(k)
	fill(t, c, k, "x")
	if before || !c.Has(k) {
		t.Errorf("there before it was drawn: %v, after: %v", before, c.Has(k))
	}
	if s := c.Stats(); s.Hits[tilestest.Tile().Z] != 0 || s.Misses[tilestest.Tile().Z] != 1 {
		t.Errorf("counted %d hits and %d misses", s.Hits[tilestest.Tile().Z], s.Misses[tilestest.Tile().Z])
	}
}

func TestGetAllocatesNothing(t *testing.T) {
	c := New(1 << 20)
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	fill(t, c, k, "x")
	if n := testing.AllocsPerRun(1000, func() { c.Get(k) }); n >= 1 {
		t.Errorf("%v allocations", n)
	}
}

// Readers who follow the rules of the cache never keep an older version than the
// one published before a drop.
func TestNoStaleTileIsLeftAfterAnyInterleaving(t *testing.T) {
	c := New(1 << 20)
	var version atomic.Int64
	k := Key{View: tiles.Of("road"), Tile: tilestest.Tile()}
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				oldest := version.Load()
				got, found := c.Get(k)
				if !found {
					var err error
					got, err = c.Fill(t.Context(), k, Gzip,
						func(context.Context) ([]byte, string, error) {
							return fmt.Append(nil, version.Load()), "",
								nil
						})
					if err != nil {
						t.Error(err)
						return
					}
				}
				var seen int64
				fmt.Sscan(string(plain(got)), &seen)
				if seen < oldest-1 {
					t.Errorf("saw version %d when %d had been dropped for", seen, oldest)
					return
				}
			}
		})
	}
	for range 2000 {
		version.Add(1)
		c.Drop("road", []index.Touch{{Extent: tilestest.Tile().Extent()}})
	}
	close(stop)
	wait.Wait()
	got := fill(t, c, k, fmt.Sprint(version.Load()))
	if string(plain(got)) != fmt.Sprint(version.Load()) {
		t.Errorf("the last version is %d and the cache has %s", version.Load(), plain(got))
	}
}

func BenchmarkGet(b *testing.B) {
	c := New(1 << 20)
	k := Key{View: tiles.Of("admin_area", "green_plot", "road"), Tile: tilestest.Tile()}
	fill(b, c, k, "x")
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			c.Get(k)
		}
	})
}

// BenchmarkDrop drops for a million edited points with 20,000 tiles held, and for one.
func BenchmarkDrop(b *testing.B) {
	c := New(1 << 30)
	for i := range uint32(20_000) {
		fill(b, c, Key{View: tiles.Of("manhole"), Tile: geo.Tile{Z: 17, X: i % 200, Y: i / 200}}, "x")
	}
	r := rand.New(rand.NewPCG(1, 1))
	center := tilestest.Tile().Extent().Center()
	for _, n := range []int{1, 1000, 1_000_000} {
		touches := make([]index.Touch, n)
		for i := range touches {
			x, y := center.X()+r.Uint32N(1<<22), center.Y()+r.Uint32N(1<<22)
			touches[i] = index.Touch{Extent: geo.Extent{MinX: x, MinY: y, MaxX: x, MaxY: y}}
		}
		b.Run(fmt.Sprint("touches ", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Drop("manhole", touches)
			}
		})
	}
}
