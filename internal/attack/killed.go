package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"
)

// killedAttack is tried on a siege.
type killedAttack struct{ *siege }

// killedPreview cuts the power while a file is being previewed, round after round, and
// starts again. A table without a log that was being made stood in the way of itself:
// the next start ended, each time.
func (s killedAttack) killedPreview(ctx context.Context) error {
	rounds := 5
	if s.short {
		rounds = 2
	}
	if err := s.target.stop(); err != nil { // another one takes its address
		return err
	}
	file := manyPoints(60000)
	r := rand.New(rand.NewPCG(3, 4))
	dead, working, reason := 0, 0, ""
	data := filepath.Join(s.dir, "killed-0")
	for round := range rounds {
		t, err := s.start(ctx, data, "--import-token", s.token, "--no-sample")
		if err != nil {
			return err
		}
		s.target = t
		previewing := make(chan struct{})
		go func() {
			defer close(previewing)
			s.upload(ctx, "manhole", "many.geojson", file) // it is cut off
		}()
		sleep(ctx, time.Duration(300+r.IntN(1500))*time.Millisecond)
		t.kill()
		<-previewing
		t, err = s.start(ctx, data, "--import-token", s.token, "--no-sample")
		if err != nil {
			dead++
			reason = "; the last said: " + strings.TrimSpace(err.Error())
			data = filepath.Join(s.dir, fmt.Sprintf("killed-%d", round+1))
			continue
		}
		s.target = t
		if a, err := s.ask(ctx, "/layers/manhole"); err == nil && a.ok() {
			working++
		}
		if err := t.stop(); err != nil {
			return err
		}
	}
	s.report(fmt.Sprintf("kill -9 of yizhan and PostgreSQL during a preview, then yizhan up, %d rounds", rounds), "it starts, every time",
		fmt.Sprintf("%d started and answered, %d did not start%s", working, dead, reason), dead == 0 && working == rounds)
	return nil
}

// manyPoints is a survey that takes a while.
func manyPoints(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"code":"AT-K-%d","utility":"rain","condition":"intact"},"geometry":{"type":"Point","coordinates":[%.6f,%.6f]}}`,
			i, 112.4+float64(i%300)*0.0005, 32.9+float64(i/300)*0.0005)
	}
	b.WriteString("]}")
	return []byte(b.String())
}
