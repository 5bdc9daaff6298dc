package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// logLimit is how much the log may grow by a flood of 300 requests that fail.
const logLimit = 64 << 10

// logsAttack is tried on a siege.
type logsAttack struct{ *siege }

// logFlood sends requests that fail, with long paths. Each 503 wrote a line with the
// client's text: 300 of them wrote 7.8 MB.
func (s logsAttack) logFlood(ctx context.Context) error {
	long := strings.Repeat("x", 24<<10)
	for _, flood := range []struct {
		what, path string
		clients    int
	}{
		{"for a version that no transaction has reached (503)", "/tiles/" + long + "/14/1/1.mvt?at=999999999999", 100},
		{"that are wrong (400 and 404)", "/tiles/manhole/14/13313/6599.mvt?filter=" + long, 10},
		{"for paths that do not exist", "/" + long, 10},
		{"for questions that do not exist", "/ask/" + long, 10},
	} {
		before, err := os.Stat(s.target.log)
		if err != nil {
			return err
		}
		var left, answered atomic.Int64
		left.Store(300)
		statuses := make([]atomic.Int64, 600)
		crowd(flood.clients, func(n int) {
			c := newClient(n+1, s.target.address)
			defer c.close()
			for left.Add(-1) >= 0 && ctx.Err() == nil {
				if a, err := c.get(ctx, flood.path); err == nil {
					answered.Add(1)
					statuses[min(a.status, 599)].Add(1)
				}
			}
		})
		sleep(ctx, 200*time.Millisecond) // for lines on their way
		after, err := os.Stat(s.target.log)
		if err != nil {
			return err
		}
		var got []string
		for status := range statuses {
			if n := statuses[status].Load(); n > 0 {
				got = append(got, fmt.Sprintf("%d× %d", n, status))
			}
		}
		grown := after.Size() - before.Size()
		s.report(fmt.Sprintf("300 requests of 24 kB each %s, from %d clients", flood.what, flood.clients), fmt.Sprintf("at most %d kB of log", logLimit>>10),
			fmt.Sprintf("%d bytes of log; answers %s", grown, strings.Join(got, ", ")), grown <= logLimit && answered.Load() > 0)
	}
	return nil
}
