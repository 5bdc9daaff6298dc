package server

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// linesEach is how many lines of one kind are written in a second.
const linesEach = 5

// kindOfLine is what repeated lines have in common; there are few messages.
type kindOfLine struct {
	level   slog.Level
	message string
}

// limitedLog writes a limited number of lines of each kind in a second, then how many were
// suppressed, so that requests cannot fill a disk. Debugging lines are not limited.
type limitedLog struct {
	to    slog.Handler
	lines *lines
}

// lines counts the lines of the current second, by kind.
type lines struct {
	mu sync.Mutex
	of map[kindOfLine]int
}

func newLimitedLog(to slog.Handler) slog.Handler {
	return limitedLog{to: to, lines: &lines{of: map[kindOfLine]int{}}}
}

// count returns the number of lines of a kind in its second, this one included. The first
// starts the second; told is called at its end with the total.
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

// Enabled is that of the underlying log.
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

// WithAttrs shares the counts of the log it is made from.
func (l limitedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return limitedLog{l.to.WithAttrs(attrs), l.lines}
}

// WithGroup shares the counts of the log it is made from.
func (l limitedLog) WithGroup(name string) slog.Handler {
	return limitedLog{l.to.WithGroup(name), l.lines}
}
