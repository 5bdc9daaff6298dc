package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// stampede has 100 clients ask for one cold tile at once, tile after tile, and
// compares the slowest answer with that of a single client to a tile as cold.
func (b *bench) stampede(ctx context.Context) error {
	const clients, rounds = 100, 20
	app, stop, err := b.app(ctx, 0)
	if err != nil {
		return err
	}
	defer stop()
	crowd := make([]*client, clients)
	for i := range crowd {
		if crowd[i], err = dial(app.address); err != nil {
			return err
		}
		defer crowd[i].conn.Close()
		if _, _, err := crowd[i].get("/healthz", ""); err != nil {
			return err
		}
	}
	before, err := drawings(ctx, app)
	if err != nil {
		return err
	}
	var alone, slowest, handed []float64
	all := addresses(14, 2*rounds)
	for round := range rounds {
		started := time.Now()
		if _, _, err := crowd[0].get(tilePath(all[2*round], cityLayers), gzipHeader); err != nil {
			return err
		}
		alone = append(alone, float64(time.Since(started).Microseconds())/1e3)
		took, err := rush(crowd, tilePath(all[2*round+1], cityLayers))
		if err != nil {
			return err
		}
		slowest = append(slowest, took)
		if took, err = rush(crowd, tilePath(all[2*round+1], cityLayers)); err != nil { // now it lies finished
			return err
		}
		handed = append(handed, took)
	}
	after, err := drawings(ctx, app)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("%d clients at one cold tile, z14, %d tiles (≤1.2×)", clients, rounds), fmt.Sprintf("slowest %.2f ms, %d drawings", median(slowest), after-before-rounds),
		fmt.Sprintf("one client %.2f ms; %d clients at the finished tile %.2f ms", median(alone), clients, median(handed)),
		fmt.Sprintf("%.2f×; %.2f× of both", median(slowest)/median(alone), median(slowest)/(median(alone)+median(handed))))
	return nil
}

// rush has all clients ask at once and returns how long the slowest waited for the
// first byte and all others, in ms.
func rush(crowd []*client, path string) (float64, error) {
	took, failures := make([]float64, len(crowd)), make([]error, len(crowd))
	ready := make(chan struct{})
	var group sync.WaitGroup
	for i, c := range crowd {
		group.Go(func() {
			<-ready
			started := time.Now()
			_, _, failures[i] = c.get(path, gzipHeader)
			took[i] = float64(time.Since(started).Microseconds()) / 1e3
		})
	}
	close(ready)
	group.Wait()
	return slices.Max(took), errors.Join(failures...)
}

var drawingsLine = regexp.MustCompile(`(?m)^yizhan_tile_draw_seconds_count (\d+)`)

// drawings is how many tiles the server has drawn.
func drawings(ctx context.Context, app *site) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+app.address+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	found := drawingsLine.FindSubmatch(body)
	if found == nil {
		return 0, errors.New("/metrics does not tell how many tiles were drawn")
	}
	return strconv.Atoi(string(found[1]))
}
