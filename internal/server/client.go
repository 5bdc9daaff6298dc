package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientOf identifies the client for its share of the server: by its address, or by the
// network of one IPv6 subscriber. Behind a proxy on this machine it is the last address in
// X-Forwarded-For. Clients can forge that if the proxy does not set it; the limits on all
// clients together still hold then, and no right depends on it.
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
