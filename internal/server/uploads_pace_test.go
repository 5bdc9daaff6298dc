package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yizhan/internal/server"
)

func TestAnUploadThatDripsIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options server.Options
		bytes   int // at a time
		says    string
	}{
		"a byte at a time": {server.Options{UploadGrace: 300 * time.Millisecond}, 1,
			"slower than 4096 bytes a second"},
		"longer than it may":  {server.Options{UploadLongest: 300 * time.Millisecond}, 100, "longer than 300ms"},
		"no byte for a while": {server.Options{UploadPatience: 300 * time.Millisecond}, 0, "sent nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := receive(t, c.options)
			conn := r.half(t, "")
			over := make(chan struct{})
			defer close(over)
			go func() {
				for {
					select {
					case <-over:
						return
					case <-time.After(20 * time.Millisecond):
						_, _ = io.WriteString(conn, strings.Repeat(" ", c.bytes))
					}
				}
			}()
			if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
				t.Fatal(err)
			}
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != 408 || !strings.Contains(string(body), c.says) {
				t.Errorf("%d %s %v", response.StatusCode, body, err)
			}
			r.nothingKept(t)
		})
	}
}

func TestSlowUploadsMakeRoomForOthers(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	for range 40 { // more than there are places
		r.half(t, "")
	}
	var got answer
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if got = r.post(t, stationForm(stations("S1 112.5 33 open"))); got.status == 201 {
			return
		}
	}
	t.Errorf("an upload beside forty slow ones: %d %s", got.status, got.body)
}

func TestABodyThatNobodyNeedsHoldsNothingUp(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	hurried := httptest.NewUnstartedServer(r.app)
	hurried.Config.ReadTimeout = 300 * time.Millisecond
	hurried.Start()
	t.Cleanup(hurried.Close)
	for _, c := range []struct {
		name, method, path string
		length, sent       int
		status             int
	}{
		{"a short body", "POST", "/batches/1/undo", 20, 20, 404},
		{"a long body", "POST", "/batches/1/undo", 1 << 20, 8 << 10, 413},
		{"a body that does not come", "POST", "/batches/1/undo", 20, 10, 408},
		{"one of a discarded import", "DELETE", "/imports/1", 20, 10, 408},
		{"one of a read", "GET", "/layers", 20, 10, 408},
		{"one of a question", "GET", "/ask/wall_progress", 1 << 20, 8 << 10, 413},
	} {
		conn, err := net.Dial("tcp", hurried.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn,
			"%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
			c.method, c.path, r.token, c.length, strings.Repeat("x", c.sent))
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, response.StatusCode, body, c.status)
		}
	}
}
