package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// site is a handler that is served on a port of its own.
type site struct {
	address string
	server  *http.Server
}

func serve(h http.Handler) (*site, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &site{address: l.Addr().String(), server: &http.Server{Handler: h}}
	go s.server.Serve(l)
	return s, nil
}

func (s *site) close() { s.server.Close() }

// load is what a stretch of requests came to.
type load struct {
	requests, bytes int64
	took            time.Duration
}

func (l load) perSecond() float64 { return float64(l.requests) / l.took.Seconds() }

// drive asks for the paths in turn from so many clients, each on one connection,
// for the given time. It writes prepared requests and reads only what HTTP needs,
// so that the client takes little of the machine.
func drive(ctx context.Context, address string, paths []string, header string, clients int, span time.Duration) (load, error) {
	ctx, cancel := context.WithTimeout(ctx, span)
	defer cancel()
	var next, requests, bytes atomic.Int64
	failures := make([]error, clients)
	started := time.Now()
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			client, err := dial(address)
			if err != nil {
				failures[c] = err
				return
			}
			defer client.conn.Close()
			for ctx.Err() == nil {
				path := paths[int(next.Add(1)-1)%len(paths)]
				status, body, err := client.get(path, header)
				if err != nil || status >= 400 {
					failures[c] = errors.Join(err, fmt.Errorf("%s: status %d", path, status))
					return
				}
				requests.Add(1)
				bytes.Add(int64(len(body)))
			}
		})
	}
	group.Wait()
	return load{requests.Load(), bytes.Load(), time.Since(started)}, errors.Join(failures...)
}

// client is one connection that asks with keep-alive.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body []byte
	etag string
}

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// get sends one request and reads the answer; the body is valid until the next call.
func (c *client) get(path, header string) (int, []byte, error) {
	c.out = append(c.out[:0], "GET "...)
	c.out = append(c.out, path...)
	c.out = append(c.out, " HTTP/1.1\r\nHost: x\r\n"...)
	c.out = append(c.out, header...)
	c.out = append(c.out, "\r\n"...)
	if _, err := c.conn.Write(c.out); err != nil {
		return 0, nil, err
	}
	status, length := 0, 0
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		if status == 0 {
			if status, err = strconv.Atoi(text[9:12]); err != nil {
				return 0, nil, err
			}
			continue
		}
		name, value, _ := strings.Cut(text, ": ")
		switch {
		case strings.EqualFold(name, "Content-Length"):
			if length, err = strconv.Atoi(value); err != nil {
				return 0, nil, err
			}
		case strings.EqualFold(name, "ETag"):
			c.etag = value
		case strings.EqualFold(name, "Transfer-Encoding"):
			return 0, nil, errors.New("chunked answer: the driver wants Content-Length")
		}
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	_, err := io.ReadFull(c.in, c.body)
	return status, c.body, err
}
