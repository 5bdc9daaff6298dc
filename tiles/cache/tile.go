package cache

import (
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"
)

// Tile is a finished tile, tagged by its content. What it shows does not change; it
// is packed in each encoding at most once, when that is first asked for.
type Tile struct {
	size     int // uncompressed
	etags    tags
	degraded []string
	by       *packer
	mu       sync.Mutex // held by who packs
	packed   [encodings]atomic.Pointer[Body]
}

// Body is a tile in an encoding.
type Body struct {
	Bytes  []byte   // must not be changed
	Length []string // how many, as the only value of a header
}

func newBody(b []byte) *Body { return &Body{Bytes: b, Length: []string{strconv.Itoa(len(b))}} }

// tags are entity tags by encoding, each as the only value of a header.
type tags [encodings][]string

// newTile keeps the body until it is packed.
func newTile(by *packer, body []byte, degraded string) *Tile {
	tag := strconv.FormatUint(xxhash.Sum64(body), 36) + "-" + strconv.FormatInt(int64(len(body)), 36)
	t := &Tile{by: by, size: len(body)}
	for e, suffix := range [encodings]string{"", "-z", "-s"} {
		t.etags[e] = []string{`"` + tag + suffix + `"`}
	}
	if degraded != "" {
		t.degraded = []string{degraded}
	}
	t.packed[Identity].Store(newBody(body))
	return t
}

// Len is the size uncompressed, in bytes.
func (t *Tile) Len() int { return t.size }

// Empty reports whether the tile has no features.
func (t *Tile) Empty() bool { return t.size == 0 }

// ETag is the strong entity tag of the tile (RFC 9110, 8.8.3), one for each
// encoding, as the only value of a header. It must not be changed.
func (t *Tile) ETag(e Encoding) []string { return t.etags[e] }

// Degraded is what [tiles.Stats.Degraded] said when the tile was drawn, as the only value
// of a header; nil for nothing.
func (t *Tile) Degraded() []string { return t.degraded }

// In is the tile in an encoding, which of an empty one has no bytes.
func (t *Tile) In(e Encoding) (*Body, error) {
	b, _, err := t.in(e)
	return b, err
}

// in also reports whether the tile takes more memory now.
func (t *Tile) in(e Encoding) (b *Body, grown bool, err error) {
	if t.size == 0 {
		e = Identity // there is nothing to pack
	}
	if b := t.packed[e].Load(); b != nil {
		return b, false, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if b := t.packed[e].Load(); b != nil {
		return b, false, nil
	}
	plain, err := t.plain()
	if err != nil {
		return nil, false, err
	}
	if e == Identity {
		return newBody(plain), false, nil // not kept: few ask for it, and it is large
	}
	made, err := t.by.pack(e, plain)
	if err != nil {
		return nil, false, err
	}
	b = newBody(made)
	t.packed[e].Store(b)
	return b, true, nil
}

// plain is the body. It needs t.mu.
func (t *Tile) plain() ([]byte, error) {
	for e := range encodings {
		if b := t.packed[e].Load(); b != nil {
			return t.by.unpack(e, b.Bytes, t.size)
		}
	}
	return nil, nil // cannot be: one is always there
}

// keepOnly packs the tile in an encoding and lets go of the plain body.
func (t *Tile) keepOnly(e Encoding) error {
	if _, _, err := t.in(e); err != nil {
		return err
	}
	if e != Identity && t.size > 0 {
		t.packed[Identity].Store(nil)
	}
	return nil
}

// weight is the memory that the bytes take.
func (t *Tile) weight() int {
	n := 0
	for e := range encodings {
		if b := t.packed[e].Load(); b != nil {
			n += len(b.Bytes)
		}
	}
	return n
}
