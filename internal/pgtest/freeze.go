package pgtest

import (
	"syscall"
	"testing"
)

// Freeze stops the server and its children where they are: they hold their
// connections and answer nothing, until Thaw or Kill.
func (s *Private) Freeze(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

// Thaw lets the server go on.
func (s *Private) Thaw(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *Private) signal(t testing.TB, signal syscall.Signal) {
	t.Helper()
	server := s.cluster.PID()
	if server == 0 {
		t.Fatal("the test server does not run")
	}
	for _, pid := range append([]int{server}, children(server)...) {
		if err := syscall.Kill(pid, signal); err != nil && err != syscall.ESRCH {
			t.Fatalf("%v of the test server: %v", signal, err)
		}
	}
}
