package cluster

import (
	"context"
	"syscall"
	"testing"
	"time"
)

func TestADeadServerIsBroughtUpAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); c.Keep(ctx) }()
	defer func() { stop(); <-done }()
	before := c.PID()
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if now := c.PID(); now != 0 && now != before {
			if err := c.Restart(ctx); err != nil { // returns when it takes connections
				t.Fatal(err)
			}
			if got := ask(t, c, "show listen_addresses"); got != "" {
				t.Errorf("it came back as another: %q", got)
			}
			return
		}
	}
	t.Fatal("nobody brought it up again")
}
