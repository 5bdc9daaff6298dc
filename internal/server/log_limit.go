package server

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// linesEach is how many lines a second there are of one kind.
const linesEach = 5

// kindOfLine is what lines have in common: messages are words of ours, and few.
type kindOfLine struct {
	level   slog.Level
	message string
}

// limitedLog writes so many lines a second of each kind, and then how many more there
// were, so that nobody fills a disk by asking. Of what is logged for debugging there
// is everything.
type limitedLog struct {
	to    slog.Handler
	lines *lines
}

// lines counts those of the second that runs, by kind.
type lines struct {
	mu sync.Mutex
	of map[kindOfLine]int
}

func newLimitedLog(to slog.Handler) slog.Handler {
	return limitedLog{to: to, lines: &lines{of: map[kindOfLine]int{}}}
}

// count is the how manieth of its kind in its second a line is. The first begins the
// second, at whose end told is called with how many there were.
func (l *lines) count(kind kindOfLine, told func(n int)) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of[kind]++
	if l.of[kind] == 1 {
		time.AfterFunc(time.Second, func() {
			l.mu.Lock()
			n := l.of[kind]
			delete(l.of, kind)
			l.mu.Unlock()
			told(n)
		})
	}
	return l.of[kind]
}

// Enabled is that of the log behind it.
func (l limitedLog) Enabled(ctx context.Context, level slog.Level) bool {
	return l.to.Enabled(ctx, level)
}

// Handle writes a line, or counts it.
func (l limitedLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelInfo {
		return l.to.Handle(ctx, r)
	}
	kind := kindOfLine{r.Level, r.Message}
	n := l.lines.count(kind, func(n int) {
		if n > linesEach {
			more := slog.NewRecord(time.Now(), kind.level, kind.message, 0)
			more.AddAttrs(slog.Int("suppressed", n-linesEach))
			_ = l.to.Handle(context.Background(), more) // a log that cannot be written has nowhere to say so
		}
	})
	if n > linesEach {
		return nil
	}
	return l.to.Handle(ctx, r)
}

// WithAttrs counts with the one it is made from.
func (l limitedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return limitedLog{l.to.WithAttrs(attrs), l.lines}
}

// WithGroup counts with the one it is made from.
func (l limitedLog) WithGroup(name string) slog.Handler {
	return limitedLog{l.to.WithGroup(name), l.lines}
}
