package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientOf names who asks, so that one client gets no more than its share: an address,
// or the network that one subscriber of IPv6 has. Behind a proxy on this machine it is
// whom the proxy names last in X-Forwarded-For. That can be made up where the proxy
// does not set it; then all is bounded that clients have together, and no right hangs on it.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr // of a socket
	}
	at, err := netip.ParseAddr(host)
	if err != nil || at.IsLoopback() || at.Unmap().IsLoopback() {
		if passed, ok := lastForwarded(r.Header.Values("X-Forwarded-For")); ok {
			at, err = passed, nil
		}
	}
	if err != nil {
		return "local"
	}
	if at = at.Unmap().WithZone(""); at.Is6() && !at.IsLoopback() {
		const subscriber = 64
		if network, err := at.Prefix(subscriber); err == nil {
			return network.String()
		}
	}
	return at.String()
}

func lastForwarded(headers []string) (netip.Addr, bool) {
	if len(headers) == 0 {
		return netip.Addr{}, false
	}
	last := headers[len(headers)-1]
	at, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]))
	return at, err == nil
}
