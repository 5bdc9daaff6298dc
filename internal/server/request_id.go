package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync/atomic"
)

type requestIDKey struct{}

// requestID is the id under which a request is logged.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// ids makes request ids: a random prefix of this run, and a count.
type ids struct {
	run   string
	count atomic.Uint64
}

func newIDs() *ids {
	var b [4]byte
	rand.Read(b[:])
	return &ids{run: hex.EncodeToString(b[:]) + "-"}
}

func (i *ids) next() string {
	return i.run + strconv.FormatUint(i.count.Add(1), 36)
}

// identify gives each request an id, which the answer carries too.
func (a *answering) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := a.ids.next()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}
