package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"
)

// Default limits of connections.
const (
	defaultConnections     = 8192
	defaultConnectionsEach = 1024
	adminConnections       = 256
)

// gate is a listener that bounds its connections, in total and by client. Connections
// beyond that get a short answer, are closed and use no memory.
type gate struct {
	net.Listener
	all     *places
	refused *atomic.Uint64
}

func newGate(at net.Listener, most, each int, refused *atomic.Uint64) *gate {
	return &gate{Listener: at, all: newPlaces(most, each), refused: refused}
}

// Accept returns the next connection for which there is a place.
func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		leave, err := g.all.take(g.client(conn))
		if err == nil {
			return &placed{Conn: conn, leave: leave}, nil
		}
		g.refused.Add(1)
		turnAway(conn)
	}
}

// client identifies who connects. Every connection from this machine counts on its own: a
// proxy here stands for many clients, which only it can tell apart.
func (g *gate) client(conn net.Conn) string {
	from := conn.RemoteAddr().String()
	if at, err := netip.ParseAddrPort(from); err != nil || at.Addr().Unmap().IsLoopback() {
		return from
	}
	return clientOf(&http.Request{RemoteAddr: from})
}

// turnAway writes a short answer into the empty buffer of a new connection.
func turnAway(conn net.Conn) {
	const soon = 100 * time.Millisecond
	if conn.SetWriteDeadline(time.Now().Add(soon)) == nil {
		_, _ = io.WriteString(conn,
			"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	}
	_ = conn.Close()
}

// placed is a connection that has a place until it is closed.
type placed struct {
	net.Conn
	leave func()
}

// Close gives the place back.
func (p *placed) Close() error {
	p.leave()
	return p.Conn.Close()
}

// CloseWrite lets an answer arrive although its request was not read to the end.
func (p *placed) CloseWrite() error {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// fitting lowers a number of connections to what this process can have, leaving room for
// files, the ledger and monitoring.
func fitting(most int) int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return most
	}
	const forOthers = 4 // a quarter
	if room := files.Cur - files.Cur/forOthers; room < uint64(most) {
		return max(1, int(room))
	}
	return most
}
