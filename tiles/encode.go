package tiles

import (
	"encoding/binary"
	"math/bits"
)

// Tags of the protocol buffers of MVT 2.1 (vector_tile.proto): number of the
// field, shifted by three, and how it is written.
const (
	tileLayer = 3<<3 | 2

	layerVersion = 15 << 3
	layerName    = 1<<3 | 2
	layerFeature = 2<<3 | 2
	layerKey     = 3<<3 | 2
	layerValue   = 4<<3 | 2
	layerExtent  = 5 << 3

	featureID       = 1 << 3
	featureTags     = 2<<3 | 2
	featureType     = 3 << 3
	featureGeometry = 4<<3 | 2

	valueText   = 1<<3 | 2
	valueDouble = 3<<3 | 1
	valueUint   = 5 << 3
	valueSint   = 6 << 3
	valueBool   = 7 << 3

	typePoint   = 1
	typeLine    = 2
	typePolygon = 3

	moveTo    = 1
	lineTo    = 2
	closePath = 1<<3 | 7
)

// drawnLayer is a finished layer: its features and values are fields already.
type drawnLayer struct {
	name             string
	keys             []string
	features, values []byte
}

// size is that of the layer's message, in bytes.
func (l *drawnLayer) size() int {
	const fixed = 2 + 3 // version and extent
	size := fixed + sizeOf(len(l.name)) + len(l.features) + len(l.values)
	for _, k := range l.keys {
		size += sizeOf(len(k))
	}
	return size
}

// appendTo appends the layer to a tile. The version comes first, as the
// specification asks (4.1).
func (l *drawnLayer) appendTo(b []byte) []byte {
	b = append(b, tileLayer)
	b = binary.AppendUvarint(b, uint64(l.size()))
	b = append(b, layerVersion, 2, layerName)
	b = binary.AppendUvarint(b, uint64(len(l.name)))
	b = append(b, l.name...)
	b = append(b, l.features...)
	for _, k := range l.keys {
		b = append(b, layerKey)
		b = binary.AppendUvarint(b, uint64(len(k)))
		b = append(b, k...)
	}
	b = append(b, l.values...)
	b = append(b, layerExtent)
	return binary.AppendUvarint(b, extent)
}

// sizeOf is the size of a field of n bytes with its tag, which is one byte.
func sizeOf(n int) int { return 1 + varintSize(uint64(n)) + n }

func varintSize(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// putVarint writes v at b[n:], which must have room, and returns the end.
func putVarint(b []byte, n int, v uint64) int {
	for v >= 0x80 {
		b[n] = byte(v) | 0x80
		v >>= 7
		n++
	}
	b[n] = byte(v)
	return n + 1
}

// closeLength writes the length of b[at+1:n] into b[at], which was left free for
// it; a length of more than one byte moves what follows.
func closeLength(b []byte, at, n int) int {
	size := n - at - 1
	if size < 0x80 {
		b[at] = byte(size)
		return n
	}
	extra := varintSize(uint64(size)) - 1
	copy(b[at+1+extra:], b[at+1:n])
	putVarint(b, at, uint64(size))
	return n + extra
}

// zigzag makes small numbers of either sign small (MVT 4.3.2).
func zigzag(v int64) uint64 { return uint64(uint32(v<<1) ^ uint32(v>>63)) }
