package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"yizhan/importer"
	"yizhan/internal/export"
)

// bar shows the progress of one file on a terminal, and nothing elsewhere.
type bar struct {
	out      *os.File
	name     string
	terminal bool
	started  time.Time
	shown    time.Time
}

func newBar(out *os.File, name string) *bar {
	return &bar{out: out, name: name, terminal: term.IsTerminal(int(out.Fd())), started: time.Now()}
}

// barWidth is in columns of the terminal.
const barWidth = 24

// show draws the bar at most ten times a second.
func (b *bar) show(p importer.Progress) {
	now := time.Now()
	if !b.terminal || now.Sub(b.shown) < 100*time.Millisecond {
		return
	}
	b.shown = now
	rate := float64(p.Features) / now.Sub(b.started).Seconds()
	if p.Total == 0 {
		fmt.Fprintf(b.out, "\r%s  %d features, %.0f/s\x1b[K", b.name, p.Features, rate)
		return
	}
	done := min(float64(p.Bytes)/float64(p.Total), 1)
	left := time.Duration(float64(now.Sub(b.started)) * (1 - done) / max(done, 1e-9)).Round(time.Second)
	filled := int(done * barWidth)
	line := strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled)
	if done == 1 {
		fmt.Fprintf(b.out, "\r%s  %s  %d features read; merging\x1b[K", b.name, line, p.Features)
		return
	}
	fmt.Fprintf(b.out, "\r%s  %s %3.0f%%  %d features, %.0f/s, %s left\x1b[K", b.name, line, 100*done, p.Features, rate, left)
}

// tiles draws the bar of an export, at most ten times a second.
func (b *bar) tiles(p export.Progress) {
	now := time.Now()
	if !b.terminal || now.Sub(b.shown) < 100*time.Millisecond {
		return
	}
	b.shown = now
	fmt.Fprintf(b.out, "\r%s zoom %d  %d of %d tiles, %s\x1b[K", b.name, p.Zoom, p.Done, p.Total, p.Elapsed.Round(time.Second))
}

// clear takes the bar away.
func (b *bar) clear() {
	if b.terminal {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
