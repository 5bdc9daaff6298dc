package cache

import (
	"bytes"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Encoding is how the bytes of a tile are packed for the way (RFC 9110, 8.4.1).
type Encoding uint8

// Identity is the tile as it is; gzip is RFC 1952, zstd RFC 8878.
const (
	Identity Encoding = iota
	Gzip
	Zstd

	encodings
)

// String is the name in Accept-Encoding and Content-Encoding.
func (e Encoding) String() string {
	return [encodings]string{"identity", "gzip", "zstd"}[e]
}

// The levels are chosen by BenchmarkCompress for a tile that nobody has asked for
// before, which takes longer to pack than to draw: gzip 2 is as quick as 1 and packs
// better, and what 5 or zstd's default save, 2 to 4 % of the bytes, takes twice or
// half as much time again.
const (
	gzipLevel = 2
	zstdLevel = zstd.SpeedFastest
)

// packer compresses; it keeps its compressors, which are large. Its zero value is ready.
type packer struct {
	gzip sync.Pool // of *gzip.Writer
	zstd sync.Pool // of *zstd.Encoder
	back sync.Pool // of *zstd.Decoder
}

// pack compresses a body into memory of its own.
func (p *packer) pack(e Encoding, body []byte) ([]byte, error) {
	switch e {
	case Gzip:
		return p.packGzip(body)
	case Zstd:
		zip, reused := p.zstd.Get().(*zstd.Encoder)
		if !reused {
			var err error
			zip, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1),
				zstd.WithWindowSize(zstdWindow), zstd.WithEncoderCRC(false))
			if err != nil {
				return nil, err
			}
		}
		defer p.zstd.Put(zip)
		return bytes.Clone(zip.EncodeAll(body, make([]byte, 0, len(body)/2+64))), nil
	default:
		return body, nil
	}
}

// zstdWindow is how far back a repetition is found: more than most tiles are long,
// and so little that a table of it is soon cleared.
const zstdWindow = 1 << 18

func (p *packer) packGzip(body []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(body)/2 + 64)
	zip, reused := p.gzip.Get().(*gzip.Writer)
	if reused {
		zip.Reset(&out)
	} else {
		var err error
		if zip, err = gzip.NewWriterLevel(&out, gzipLevel); err != nil {
			return nil, err
		}
	}
	defer p.gzip.Put(zip)
	if _, err := zip.Write(body); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(out.Bytes()), nil
}

// unpack is the body of so many bytes that was packed.
func (p *packer) unpack(e Encoding, packed []byte, size int) ([]byte, error) {
	switch e {
	case Gzip:
		plain := make([]byte, size)
		zip, err := gzip.NewReader(bytes.NewReader(packed))
		if err == nil {
			_, err = io.ReadFull(zip, plain)
		}
		return plain, err
	case Zstd:
		back, reused := p.back.Get().(*zstd.Decoder)
		if !reused {
			var err error
			if back, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1)); err != nil {
				return nil, err
			}
		}
		defer p.back.Put(back)
		return back.DecodeAll(packed, make([]byte, 0, size))
	default:
		return packed, nil
	}
}
