package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// crowd has so many connections do one thing at once.
func crowd(n int, each func(n int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { each(i) })
	}
	group.Wait()
}

// manyExplains has 300 connections ask for one explanation each, at the same time.
func (s *siege) manyExplains(ctx context.Context) error {
	const connections = 300
	if err := s.afresh(ctx); err != nil {
		return err
	}
	if err := s.shuffle(ctx); err != nil {
		return err
	}
	calm, err := s.victim(ctx, 2*time.Second)
	if err != nil {
		return err
	}
	peak := s.target.peak(ctx)
	x, y := tileAt(112.53, 33.0, 12)
	path := fmt.Sprintf("/tiles/%s,complaint,organisation/12/%d/%d/explain", drawnByVictims, x, y)
	var mu sync.Mutex
	sent := map[int]int{}
	crowd(connections, func(n int) {
		c := newClient(n+1, s.target.address)
		defer c.close()
		a, err := c.get(ctx, path)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			sent[0]++
			return
		}
		sent[a.status/100]++
	})
	most := peak()
	ratio := float64(most) / float64(calm.memory)
	s.report(fmt.Sprintf("%d connections ask for an explanation at once", connections), fmt.Sprintf("memory ≤ %.1f×", largestAllowed),
		fmt.Sprintf("%d → %d MiB (%.2f×); they got %s", calm.memory>>20, most>>20, ratio, inHundreds(sent)), ratio <= largestAllowed)
	return nil
}

// crowdsAttack is tried on a siege.
type crowdsAttack struct{ *siege }

// placesOfEvents has one client open as many live streams as the service has places
// for. It got them all, and nobody else saw the map move.
func (s crowdsAttack) placesOfEvents(ctx context.Context) error {
	const wantedPlaces = 2000
	raging, calm := context.WithCancel(ctx)
	defer calm()
	var mu sync.Mutex
	open, refused := 0, 0
	var streams sync.WaitGroup
	streams.Go(func() {
		crowd(wantedPlaces, func(int) {
			c := newClient(1, s.target.address)
			defer c.close()
			status, err := c.follow(raging)
			ok := err == nil && status == http.StatusOK
			mu.Lock()
			if ok {
				open++
			} else {
				refused++
			}
			mu.Unlock()
			if ok {
				<-raging.Done()
			}
		})
	})
	for range 100 { // until all have been answered
		mu.Lock()
		answered := open + refused
		mu.Unlock()
		if answered == wantedPlaces {
			break
		}
		sleep(ctx, 100*time.Millisecond)
	}
	other := newClient(7, s.target.address)
	defer other.close()
	status, err := other.follow(ctx)
	admitted := err == nil && status == http.StatusOK
	calm()
	streams.Wait()
	seen := fmt.Sprintf("it got %d places; another client is let in: %t", open, admitted)
	s.report(fmt.Sprintf("one client opens %d streams of /events", wantedPlaces), "a part of the places, and others are let in", seen, admitted && open < wantedPlaces/2)
	return nil
}

// follow opens a live stream and waits for its greeting, which comes after what the
// client missed. It leaves the stream open.
func (c *client) follow(ctx context.Context, headers ...string) (status int, err error) {
	if err := c.dial(ctx); err != nil {
		return 0, err
	}
	stop := c.cutBy(ctx)
	defer stop()
	if err := c.conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return 0, err
	}
	lines := strings.Join(append(headers, "Host: "+c.to), "\r\n")
	if _, err := fmt.Fprintf(c.conn, "GET /events HTTP/1.1\r\n%s\r\n\r\n", lines); err != nil {
		return 0, err
	}
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return 0, err
		}
		if status == 0 {
			if _, err := fmt.Sscanf(line, "HTTP/1.1 %d", &status); err != nil {
				return 0, err
			}
		}
		if status != http.StatusOK || strings.HasPrefix(line, "event: hello") {
			return status, nil
		}
	}
}

// healthUnderLoad asks whether the service lives while thousands of connections ask
// for dear things. The answer once came after nine seconds, which ends a process that
// is well.
func (s crowdsAttack) healthUnderLoad(ctx context.Context) error {
	connections := 4000
	if s.short {
		connections = 2000
	}
	_, span := s.stretch()
	raging, calm := context.WithTimeout(ctx, span)
	defer calm()
	x, y := tileAt(112.53, 33.0, 13)
	var storm sync.WaitGroup
	storm.Go(func() {
		crowd(connections, func(n int) {
			c := newClient(n+1, s.target.address)
			defer c.close()
			for raging.Err() == nil {
				path := fmt.Sprintf("/tiles/%s/13/%d/%d/explain", drawnByVictims, x+n%3, y+n%2)
				c.get(raging, path) // whatever it says
				sleep(raging, 500*time.Millisecond)
			}
		})
	})
	sleep(ctx, span/4)
	var took []float64
	failed := 0
	for raging.Err() == nil {
		began := time.Now()
		c := newClient(0, s.target.admin)
		a, err := c.get(ctx, "/healthz")
		c.close()
		if err != nil || !a.ok() {
			failed++
		}
		took = append(took, time.Since(began).Seconds())
		sleep(raging, 100*time.Millisecond)
	}
	storm.Wait()
	at := "its own address"
	if s.target.admin == s.target.address {
		at = "the address of everybody"
	}
	slowest := percentile(took, 100)
	s.report(fmt.Sprintf("/healthz at %s while %d connections ask for explanations", at, connections), "slowest ≤ 1 s, none fails",
		fmt.Sprintf("slowest %.2f s, median %.0f ms, %d of %d failed", slowest, percentile(took, 50)*1000, failed, len(took)), slowest <= 1 && failed == 0)
	return nil
}
