package tiles

import (
	"bytes"
	"io"
	"strconv"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/gzip"
)

// gzipLevel is chosen by BenchmarkGzip.
const gzipLevel = 5

// Tile is a finished tile: compressed once and tagged by its content. It does not
// change.
type Tile struct {
	gzip  []byte
	raw   int
	plain []string // entity tags, in the form of a header
	zip   []string
}

// Gzip is the tile in gzip format, nil when it is empty. It must not be changed.
func (t *Tile) Gzip() []byte { return t.gzip }

// Plain is the tile uncompressed, made anew each time.
func (t *Tile) Plain() []byte {
	if t.Empty() {
		return nil
	}
	plain := make([]byte, t.raw)
	zip, err := gzip.NewReader(bytes.NewReader(t.gzip))
	if err == nil {
		_, err = io.ReadFull(zip, plain)
	}
	if err != nil {
		return nil // of our own bytes in memory: cannot be
	}
	return plain
}

// Len is the size uncompressed, in bytes.
func (t *Tile) Len() int { return t.raw }

// Empty reports whether the tile has no features.
func (t *Tile) Empty() bool { return t.raw == 0 }

// ETag is the strong entity tag of the tile (RFC 9110, 8.8.3), one for each
// encoding, as the only value of a header. It must not be changed.
func (t *Tile) ETag(zipped bool) []string {
	if zipped {
		return t.zip
	}
	return t.plain
}

// Finish makes a tile of its uncompressed bytes. Who makes many has a [Cache].
func Finish(body []byte) (*Tile, error) { return new(finisher).finish(body) }

// finisher compresses tiles; it keeps its compressors, which are large.
type finisher struct {
	idle sync.Pool // of *gzip.Writer
}

// finish makes a tile of its uncompressed bytes, which it does not keep.
func (f *finisher) finish(body []byte) (*Tile, error) {
	tag := strconv.FormatUint(xxhash.Sum64(body), 36) + "-" + strconv.FormatInt(int64(len(body)), 36)
	t := &Tile{raw: len(body), plain: []string{`"` + tag + `"`}, zip: []string{`"` + tag + `-z"`}}
	if len(body) == 0 {
		return t, nil
	}
	var out bytes.Buffer
	out.Grow(len(body)/2 + 64)
	zip, reused := f.idle.Get().(*gzip.Writer)
	if reused {
		zip.Reset(&out)
	} else {
		var err error
		if zip, err = gzip.NewWriterLevel(&out, gzipLevel); err != nil {
			return nil, err
		}
	}
	defer f.idle.Put(zip)
	if _, err := zip.Write(body); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	t.gzip = bytes.Clone(out.Bytes())
	return t, nil
}
