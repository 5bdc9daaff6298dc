package server

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// replying serves a handler to one client over a pipe, in the time of a bubble.
func replying(t *testing.T, h http.Handler) (client net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	outside := strangers{knocking: make(chan net.Conn, 1)}
	outside.knocking <- stranger{there, &net.TCPAddr{}}
	web := &http.Server{Handler: h, ReadTimeout: readTimeout, WriteTimeout: sendTimeout}
	go func() { _ = web.Serve(outside) }()
	t.Cleanup(func() {
		here.Close()
		close(outside.knocking)
		_ = web.Close()
	})
	return here
}

// Close leaves the channel to the test.
func (s strangers) Close() error { return nil }

func (s strangers) Addr() net.Addr { return &net.TCPAddr{} }

// file is an answer of so many bytes, made for as long as is said, and what became of it.
func file(bytes int, work time.Duration, ended chan<- error) http.Handler {
	return paced(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := unhurried(w); err != nil {
			ended <- err
			return
		}
		time.Sleep(work)
		var err error
		for n := 0; n < bytes && err == nil; n += 32 << 10 {
			_, err = w.Write(make([]byte, 32<<10))
		}
		ended <- err
	}))
}

func TestAnAnswerThatNobodyTakesIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		client := replying(t, file(1<<20, time.Hour, ended))
		fmt.Fprint(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		select {
		case err := <-ended:
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("it ended with %v", err)
			}
		case <-time.After(2 * time.Hour):
			t.Error("it is held for two hours")
			client.Close()
			<-ended
		}
	})
}

func TestAnAnswerIsGivenUpWhenItIsTakenAByteAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		client := replying(t, file(1<<20, 0, ended))
		fmt.Fprint(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		var taking sync.WaitGroup
		defer taking.Wait()
		defer client.Close()
		taking.Go(func() {
			for one := make([]byte, 1); ; time.Sleep(time.Second) {
				if _, err := client.Read(one); err != nil {
					return
				}
			}
		})
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestAnAnswerTakenSteadilyArrivesHoweverLongTheWorkWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		client := replying(t, file(4<<20, time.Hour, ended))
		fmt.Fprint(client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		var taking sync.WaitGroup
		defer taking.Wait()
		defer client.Close()
		taking.Go(func() {
			for {
				if _, err := io.CopyN(io.Discard, client, 8<<10); err != nil {
					return
				}
				time.Sleep(time.Second) // 8 KiB a second for nine minutes
			}
		})
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
