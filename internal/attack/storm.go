package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What a flood is, and what it may do to a victim.
const (
	hostileClients = 32
	hostilePause   = 20 * time.Millisecond // after each answer: at most 1,600 requests a second in all
	victimPause    = 10 * time.Millisecond
	victimZoom     = 17
	slowestAllowed = 3.0 // times the victim's own 95th percentile
	largestAllowed = 1.5 // times the service's memory
	drawnByVictims = "green_plot,manhole,road,wall_site"
)

// tileSource gives every victim tiles that nobody has asked for since the service started.
type tileSource struct {
	paths []string
	next  int
}

// shuffle fills the source with the tiles of the middle of the city.
func (s *siege) shuffle(ctx context.Context) error {
	const reach = 0.06 // degrees around the station ST-001, where the city is dense
	lon, lat, err := s.place(ctx, "ST-001")
	if err != nil {
		return err
	}
	west, north := tileAt(lon-reach, lat+reach, victimZoom)
	east, south := tileAt(lon+reach, lat-reach, victimZoom)
	s.tiles = tileSource{}
	for x := west; x <= east; x++ {
		for y := north; y <= south; y++ {
			s.tiles.paths = append(s.tiles.paths, fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", drawnByVictims, victimZoom, x, y))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(s.tiles.paths), func(i, j int) { s.tiles.paths[i], s.tiles.paths[j] = s.tiles.paths[j], s.tiles.paths[i] })
	return nil
}

// tileAt is the tile of WebMercatorQuad that a place lies in.
func tileAt(lon, lat float64, zoom int) (x, y int) {
	n := math.Exp2(float64(zoom))
	phi := lat * math.Pi / 180
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(phi))/math.Pi) / 2 * n)
}

// cold returns the next tile.
func (t *tileSource) cold() string {
	path := t.paths[t.next%len(t.paths)]
	t.next++
	return path
}

// suffering is what a victim saw.
type suffering struct {
	took   []float64 // milliseconds
	failed int
	memory int64
}

func (v suffering) p95() float64 { return percentile(v.took, 95) }

// victim asks for cold tiles for a while, one after another as a browser would at most.
func (s *siege) victim(ctx context.Context, span time.Duration) (v suffering, err error) {
	ctx, cancel := context.WithTimeout(ctx, span)
	defer cancel()
	memory := s.target.peak(ctx)
	c := newClient(0, s.target.address)
	defer c.close()
	for ctx.Err() == nil {
		began := time.Now()
		a, err := c.get(ctx, s.tiles.cold(), "Accept-Encoding: gzip")
		took := float64(time.Since(began).Microseconds()) / 1e3
		switch {
		case ctx.Err() != nil && took < 1000*span.Seconds()/2: // cut off by us
		case err != nil || a.status >= 400:
			v.failed++
			v.took = append(v.took, took)
		default:
			v.took = append(v.took, took)
		}
		sleep(ctx, victimPause)
	}
	v.memory = memory()
	if len(v.took) == 0 {
		return v, fmt.Errorf("the victim had no answer in %s", span)
	}
	return v, nil
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// hostile is what one hostile client does next; it returns the status of the answer.
type hostile func(ctx context.Context, c *client, r *rand.Rand) (status int, err error)

// asking is a hostile client that asks for paths.
func asking(path func(r *rand.Rand) string) hostile {
	return func(ctx context.Context, c *client, r *rand.Rand) (int, error) {
		a, err := c.get(ctx, path(r))
		return a.status, err
	}
}

// flood has the hostile clients ask until the context ends, and counts the answers by
// the hundred of their status; the errors are at 0.
func (s *siege) flood(ctx context.Context, next hostile) map[int]int {
	var group sync.WaitGroup
	var seen [6]atomic.Int64
	for n := range hostileClients {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(n), 7))
			c := newClient(n+1, s.target.address)
			defer c.close()
			for ctx.Err() == nil {
				status, err := next(ctx, c, r)
				switch {
				case ctx.Err() != nil:
				case err != nil:
					seen[0].Add(1)
				default:
					seen[min(status/100, 5)].Add(1)
				}
				sleep(ctx, hostilePause)
			}
		})
	}
	group.Wait()
	counts := map[int]int{}
	for hundred := range seen {
		if n := int(seen[hundred].Load()); n > 0 {
			counts[hundred] = n
		}
	}
	return counts
}

// storm measures a victim alone and during a flood, on a service that has just
// started, and reports both. beside is done meanwhile, before and in the flood.
func (s *siege) storm(ctx context.Context, what string, next hostile, beside func(context.Context) error) error {
	if err := s.afresh(ctx); err != nil {
		return err
	}
	if err := s.shuffle(ctx); err != nil {
		return err
	}
	span, flooded := s.stretch()
	if _, err := s.victim(ctx, span/4); err != nil { // connections, plans and buffers are made once
		return err
	}
	before, err := s.victim(ctx, span)
	if err != nil {
		return err
	}
	raging, calm := context.WithCancel(ctx)
	defer calm()
	answers := make(chan map[int]int, 1)
	go func() { answers <- s.flood(raging, next) }()
	sleep(ctx, span/4)
	during, err := s.victim(ctx, flooded)
	if err == nil && beside != nil {
		err = beside(ctx)
	}
	calm()
	sent := <-answers
	if err != nil {
		return err
	}
	slower, larger := during.p95()/before.p95(), float64(during.memory)/float64(before.memory)
	s.report(what, fmt.Sprintf("cold tile p95 ≤ %.0f×, memory ≤ %.1f×", slowestAllowed, largestAllowed),
		fmt.Sprintf("p95 %.1f → %.1f ms (%.1f×), %d of %d failed; %d → %d MiB (%.2f×); the flood got %s",
			before.p95(), during.p95(), slower, during.failed, len(during.took), before.memory>>20, during.memory>>20, larger, inHundreds(sent)),
		slower <= slowestAllowed && larger <= largestAllowed && during.failed == 0)
	return nil
}

func inHundreds(sent map[int]int) string {
	var parts []string
	for hundred := range 6 {
		if n := sent[hundred]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d× %s", n, map[int]string{0: "no answer", 1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}[hundred]))
		}
	}
	if len(parts) == 0 {
		return "no answers"
	}
	return strings.Join(slices.Clip(parts), ", ")
}
