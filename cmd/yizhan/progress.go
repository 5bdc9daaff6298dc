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
	reader   terminal
	terminal bool
	started  time.Time
	shown    time.Time
}

func newBar(out *os.File, name string, reader terminal) *bar {
	return &bar{out: out, name: name, reader: reader, terminal: term.IsTerminal(int(out.Fd())), started: time.Now()}
}

// barWidth is in columns of the terminal.
const barWidth = 24

// refresh is how often a bar is drawn at most.
const refresh = 100 * time.Millisecond

// due reports whether the bar is to be drawn now.
func (b *bar) due(now time.Time) bool {
	if !b.terminal || now.Sub(b.shown) < refresh {
		return false
	}
	b.shown = now
	return true
}

// draw replaces what the bar showed.
func (b *bar) draw(text string) { fmt.Fprintf(b.out, "\r%s  %s\x1b[K", b.name, text) }

// show draws the progress of an import.
func (b *bar) show(p importer.Progress) {
	now := time.Now()
	if !b.due(now) {
		return
	}
	rate := float64(p.Features) / now.Sub(b.started).Seconds()
	if p.Total == 0 {
		b.draw(b.reader.Sayf("%d rows, %.0f/s", p.Features, rate))
		return
	}
	done := min(float64(p.Bytes)/float64(p.Total), 1)
	left := time.Duration(float64(now.Sub(b.started)) * (1 - done) / max(done, 1e-9)).Round(time.Second)
	filled := int(done * barWidth)
	line := strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled)
	if done == 1 {
		b.draw(b.reader.Sayf("%s  %d rows read; merging", line, p.Features))
		return
	}
	b.draw(b.reader.Sayf("%s %3.0f%%  %d rows, %.0f/s, %s left", line, 100*done, p.Features, rate, left))
}

// tiles draws the progress of an export.
func (b *bar) tiles(p export.Progress) {
	if b.due(time.Now()) {
		b.draw(b.reader.Sayf("zoom %d  %d of %d tiles, %s", p.Zoom, p.Done, p.Total, p.Elapsed.Round(time.Second)))
	}
}

// clear removes the bar.
func (b *bar) clear() {
	if b.terminal {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
