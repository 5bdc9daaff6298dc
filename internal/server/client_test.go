package server

import (
	"net/http/httptest"
	"testing"
)

func TestWhoAsksIsKnownByAddress(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, want string }{
		{"10.1.2.3:5000", "", "10.1.2.3"},
		{"10.1.2.3:5000", "192.0.2.1", "10.1.2.3"}, // whoever is elsewhere may say anything
		{"127.0.0.1:5000", "", "127.0.0.1"},
		{"127.0.0.1:5000", "198.51.100.9, 192.0.2.1", "192.0.2.1"},
		{"[::1]:5000", "nonsense", "::1"},
		{"[::ffff:10.1.2.3]:5000", "", "10.1.2.3"},
		{"[2001:db8:1:2:3::4]:5000", "", "2001:db8:1:2::/64"},
		{"@", "", "local"},
		{"@", "192.0.2.1", "192.0.2.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clientOf(r); got != c.want {
			t.Errorf("%s, forwarded for %q, is %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}
