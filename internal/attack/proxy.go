package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
)

// proxyAttack is tried on a siege.
type proxyAttack struct{ *siege }

// plainProxy writes through a reverse proxy that adds no header of its own, as nginx
// with nothing but proxy_pass. What came from its address was taken for this machine's
// own, so that anybody anywhere imported and took imports back, without the token.
func (s proxyAttack) plainProxy(ctx context.Context) error {
	batch, err := s.imported(ctx, "station", "mistaken.csv", append(stationsFile("AT-P", 112.53, 33, 0.001, 0, 2), "AT-P-BAD,x,open,0,0,1\n"...))
	if err != nil {
		return err
	}
	undo := fmt.Sprintf("/batches/%d/undo", batch)
	if err := s.throughProxy(ctx, s.target, "with --import-token set", undo); err != nil {
		return err
	}
	if err := s.target.stop(); err != nil {
		return err
	}
	plain, err := s.start(ctx, s.data)
	if err != nil {
		return err
	}
	return errors.Join(s.throughProxy(ctx, plain, "without --import-token", undo), plain.stop())
}

// throughProxy reads and writes without a token; reads are tried through the proxy
// and by somebody at this machine.
func (s proxyAttack) throughProxy(ctx context.Context, t *target, how, undo string) error {
	upstream := &url.URL{Scheme: "http", Host: t.address}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(upstream) }})
	defer proxy.Close()
	body, contentType, err := form("station", "proxy.csv", stationsFile("AT-PROXY", 112.53, 33.0, 0, 0, 1))
	if err != nil {
		return err
	}
	through, direct := newClient(0, proxy.Listener.Addr().String()), newClient(0, t.address)
	defer through.close()
	defer direct.close()
	for _, try := range []struct {
		client            *client
		who, method, path string
		body              []byte
	}{
		{through, "through the proxy", http.MethodPost, "/imports", body},
		{through, "through the proxy", http.MethodPost, undo, nil},
		{through, "through the proxy", http.MethodGet, "/batches", nil},
		{through, "through the proxy", http.MethodGet, "/imports/1/rejected", nil},
		{direct, "from this machine", http.MethodPost, "/imports", body},
		{direct, "from this machine", http.MethodGet, "/imports/1/rejected", nil},
	} {
		a, err := try.client.send(ctx, try.method, try.path, try.body, contentType)
		if err != nil {
			return fmt.Errorf("%s %s: %w", try.method, try.path, err)
		}
		s.report(fmt.Sprintf("%s %s %s, %s, no token sent", try.method, try.path, try.who, how), "401 or 403", a.brief(),
			a.status == http.StatusUnauthorized || a.status == http.StatusForbidden)
	}
	return s.tokenFile(t)
}

// tokenFile looks at the file with a token that the service has made for itself.
func (s proxyAttack) tokenFile(t *target) error {
	found, err := filepath.Glob(filepath.Join(t.data, "*token*"))
	if err != nil || len(found) == 0 {
		return err
	}
	info, err := os.Stat(found[0])
	if err != nil {
		return err
	}
	s.report("the file with the token that was made at start", "only its owner reads it", info.Mode().String(), info.Mode().Perm()&0o077 == 0)
	return nil
}
