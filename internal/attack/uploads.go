package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// uploadPatience is how long somebody may wait for an import while others dawdle.
const uploadPatience = 10 * time.Second

// uploadsAttack is tried on a siege.
type uploadsAttack struct{ *siege }

// halfOpenUploads starts uploads that send a byte a second, then a real one. Two of
// them held both places for imports as long as they liked.
func (s uploadsAttack) halfOpenUploads(ctx context.Context) error {
	for _, n := range []int{2, 40} {
		if err := s.dawdle(ctx, n, true); err != nil {
			return err
		}
	}
	return s.dawdle(ctx, 40, false)
}

// dawdle measures how long an upload takes beside n slow ones, with the token or without.
func (s uploadsAttack) dawdle(ctx context.Context, n int, token bool) error {
	slow, end := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer end()
	for i := range n {
		group.Go(func() { s.drip(slow, i, token) })
	}
	sleep(ctx, 2*time.Second)
	began := time.Now()
	var last answer
	for tries := 0; time.Since(began) < 2*uploadPatience; tries++ {
		a, err := s.upload(ctx, "station", "swift.csv", stationsFile("AT-SWIFT", 112.53, 33, 0.001, 0, 5))
		if err != nil {
			return err
		}
		if last = a; a.status == http.StatusCreated {
			break
		}
		sleep(ctx, 500*time.Millisecond)
	}
	took := time.Since(began)
	who := "with the token"
	if !token {
		who = "without the token"
	}
	s.report(fmt.Sprintf("%d uploads %s at a byte a second, then a real one", n, who), fmt.Sprintf("201 within %s", uploadPatience),
		fmt.Sprintf("%d after %.1f s", last.status, took.Seconds()), last.status == http.StatusCreated && took <= uploadPatience)
	return nil
}

// drip begins an upload and sends a byte a second of it, and begins again when it is
// thrown out, each second at most.
func (s uploadsAttack) drip(ctx context.Context, n int, token bool) {
	for ; ctx.Err() == nil; sleep(ctx, time.Second) {
		s.dripOnce(ctx, n, token)
	}
}

func (s uploadsAttack) dripOnce(ctx context.Context, n int, token bool) {
	c := newClient(n+1, s.target.address)
	defer c.close()
	if c.dial(ctx) != nil {
		return
	}
	head := "POST /imports HTTP/1.1\r\nHost: " + s.target.address + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n"
	if token {
		head += s.bearer() + "\r\n"
	}
	stop := c.cutBy(ctx)
	defer stop()
	if _, err := c.conn.Write([]byte(head + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"slow.csv\"\r\n\r\n")); err != nil {
		return
	}
	go discard(c.conn)
	for ctx.Err() == nil {
		if _, err := c.conn.Write([]byte("x")); err != nil {
			return
		}
		sleep(ctx, time.Second)
	}
}

// discard reads what the service says, and notices by it that it has hung up.
func discard(conn net.Conn) {
	buffer := make([]byte, 512)
	for {
		if _, err := conn.Read(buffer); err != nil {
			conn.Close()
			return
		}
	}
}
