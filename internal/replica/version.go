package replica

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Token says how new something is at least: the number of a transaction that is
// over (xid8 in decimal, as pg_current_xact_id gives it), or all that a snapshot
// saw (pg_snapshot as text, xmin:xmax:list). The zero value asks for nothing.
type Token struct {
	text       string
	one        bool // a single transaction, whose number is xmax
	xmin, xmax uint64
	running    []uint64 // of a snapshot: begun before xmax and not seen
}

// maxRunning bounds the list of a snapshot that somebody hands in.
const maxRunning = 10_000

// ParseToken reads a token. The error is of kind geo.ErrInvalid.
func ParseToken(text string) (Token, error) {
	wrong := func() (Token, error) {
		return Token{},
			lang.Errorf(
				"%.60q is not a valid version; give a version from /events, /changes or the answer to an edit, such as "+
					"745 or 745:747:745,746: %w", text, geo.ErrInvalid)
	}
	parts := strings.Split(text, ":")
	if len(parts) != 1 && len(parts) != 3 {
		return wrong()
	}
	t := Token{text: text, one: len(parts) == 1}
	var err error
	if t.xmin, err = xid(parts[0]); err != nil {
		return wrong()
	}
	if t.one {
		t.xmax = t.xmin
		return t, nil
	}
	if t.xmax, err = xid(parts[1]); err != nil || t.xmax < t.xmin {
		return wrong()
	}
	if parts[2] == "" {
		return t, nil
	}
	for one := range strings.SplitSeq(parts[2], ",") {
		n, err := xid(one)
		if err != nil || n < t.xmin || n >= t.xmax || len(t.running) == maxRunning || len(t.running) > 0 &&
			n <= t.running[len(t.running)-1] {
			return wrong()
		}
		t.running = append(t.running, n)
	}
	return t, nil
}

// xid reads the number of a transaction; there is none with the number 0.
func xid(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err == nil && (n == 0 || s[0] == '+' || s[0] == '0') {
		err = strconv.ErrSyntax
	}
	return n, err
}

// String is the token as it was read.
func (t Token) String() string { return t.text }

// Covers reports whether whoever has t has all that is asked for with o. A
// transaction's number covers nothing but itself.
func (t Token) Covers(o Token) bool {
	switch {
	case o.xmax == 0:
		return true
	case t.one:
		return o.one && t.xmax == o.xmax
	case o.one:
		return t.sees(o.xmax)
	}
	for _, n := range t.running {
		if o.sees(n) {
			return false
		}
	}
	for n := t.xmax; n < o.xmax; n++ {
		if o.sees(n) {
			return false
		}
	}
	return true
}

// After reports whether whoever has t has seen a version with all of o, or, where t
// is one transaction, whether that came after o.
func (t Token) After(o Token) bool {
	if t.one {
		return !o.Covers(t)
	}
	return t.Covers(o)
}

// Single reports whether the token is one transaction's number.
func (t Token) Single() bool { return t.one }

// Snapshot is the token as a snapshot (pg_snapshot as text); that of a transaction
// is from just before it.
func (t Token) Snapshot() string {
	if t.one {
		return fmt.Sprintf("%d:%d:", t.xmax, t.xmax)
	}
	return t.text
}

// sees reports whether a snapshot has the transaction.
func (t Token) sees(n uint64) bool {
	if n < t.xmin {
		return true
	}
	_, running := slices.BinarySearch(t.running, n)
	return n < t.xmax && !running
}

// Times of waiting for a version: how long at most, how often each who waits has the
// ledger looked at, as a transaction that changed no layer notifies nobody, and the
// pause before such a look, so that many who wait do not keep the ledger busy.
const (
	versionPatience = 5 * time.Second
	versionPoke     = 50 * time.Millisecond
	versionPause    = 10 * time.Millisecond
)

// WaitFor returns when the state has what the token asks for and everybody was
// told of the changes up to then, so that what is drawn from now on is not older.
// After five seconds the error is of kind geo.ErrUnavailable.
func (r *Replica) WaitFor(ctx context.Context, t Token) error {
	if at := r.at.Load(); at != nil && at.version.Covers(t) {
		return nil
	}
	over := time.NewTimer(versionPatience)
	defer over.Stop()
	poke := time.NewTicker(versionPoke)
	defer poke.Stop()
	for {
		at := r.at.Load()
		if at == nil {
			return lang.Errorf("version %s: the layers are still loading; try again: %w", t, geo.ErrUnavailable)
		}
		if at.version.Covers(t) {
			return nil
		}
		r.poke()
		select {
		case <-at.over:
		case <-poke.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-over.C:
			return lang.Errorf("version %s was not reached within %s; this server is at %s: %w", t, versionPatience,
				at.version, geo.ErrUnavailable)
		}
	}
}

// Version is what everybody was told of, the zero token before the first load.
func (r *Replica) Version() Token {
	if at := r.at.Load(); at != nil {
		return at.version
	}
	return Token{}
}

// poke has the replica look at the ledger soon.
func (r *Replica) poke() {
	select {
	case r.pokes <- struct{}{}:
	default:
	}
}

// milestone is a version that stands and that everybody was told of; over is
// closed when the next one does.
type milestone struct {
	version Token
	over    chan struct{}
}

// reached sets the next milestone. Only the following goroutine calls it.
func (r *Replica) reached(version string) error {
	former := r.at.Load()
	if former != nil && former.version.text == version {
		return nil
	}
	t, err := ParseToken(version)
	if err != nil {
		return lang.Errorf("replica: %w", err)
	}
	r.at.Store(&milestone{version: t, over: make(chan struct{})})
	if former != nil {
		close(former.over)
	}
	return nil
}
