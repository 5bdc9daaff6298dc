package server

import (
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// strangers is a listener at which clients of given addresses knock.
type strangers struct {
	net.Listener
	knocking chan net.Conn
}

func (s strangers) Accept() (net.Conn, error) {
	conn, ok := <-s.knocking
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

// stranger is the server's end of a connection from an address.
type stranger struct {
	net.Conn
	from net.Addr
}

func (s stranger) RemoteAddr() net.Addr { return s.from }

// knock connects from an address and returns the client's end.
func (s strangers) knock(t *testing.T, from string) net.Conn {
	t.Helper()
	at, err := net.ResolveTCPAddr("tcp", from)
	if err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close() })
	s.knocking <- stranger{there, at}
	return here
}

func TestAClientHasNoMoreConnectionsThanItsShare(t *testing.T) {
	t.Parallel()
	var refused atomic.Uint64
	outside := strangers{knocking: make(chan net.Conn, 1)}
	g := newGate(outside, 6, 2, &refused)
	inside := make(chan net.Conn, 10)
	go func() {
		for {
			conn, err := g.Accept()
			if err != nil {
				return
			}
			inside <- conn
		}
	}()
	defer close(outside.knocking)
	let := func(from string) net.Conn { outside.knock(t, from); return <-inside }
	away := func(name, from string) {
		t.Helper()
		answer, err := io.ReadAll(outside.knock(t, from))
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 503 ") ||
			!strings.Contains(string(answer), "Retry-After: ") {
			t.Errorf("%s: %q %v", name, answer, err)
		}
	}
	first := let("192.0.2.7:1000")
	let("192.0.2.7:1001")
	away("a third of one address", "192.0.2.7:1002")
	let("[2001:db8::1]:1000")
	let("[2001:db8::2]:1000")
	away("a third of one subscriber", "[2001:db8::3]:1000")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	_ = first.Close() // once more gives nothing back
	let("192.0.2.7:1003")
	away("a third again", "192.0.2.7:1004")
	for n := range 2 { // a proxy on this machine stands for many
		let("127.0.0.1:" + []string{"1000", "1001"}[n])
	}
	away("one beyond all", "198.51.100.1:1000")
	if refused.Load() != 4 {
		t.Errorf("%d were counted", refused.Load())
	}
}
