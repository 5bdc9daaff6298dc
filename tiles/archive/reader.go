package archive

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sort"

	"github.com/klauspost/compress/gzip"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Bounds of what a reader believes, so that no file makes it take much memory.
const (
	mostDirectory = 64 << 20 // bytes, unpacked
	mostMetadata  = 16 << 20
	mostTile      = 64 << 20
	mostDepth     = 4 // of leaf directories
)

// errArchive is of a file that is not an archive of ours.
var errArchive = errors.New("not a PMTiles archive of vector tiles, version 3, packed with gzip")

// Reader reads tiles from an archive (PMTiles version 3). It serves one goroutine.
type Reader struct {
	file     io.ReaderAt
	close    func() error
	parts    [4]part // root directory, metadata, leaf directories, tiles
	root     []entry
	leaf     []entry // the one read last
	leafAt   uint64
	metadata map[string]any
}

type part struct{ offset, length uint64 }

// openPMTiles opens an archive.
func openPMTiles(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := NewReader(f)
	if err != nil {
		return nil, errors.Join(lang.Errorf("%s: %w: %w", path, err, geo.ErrInvalid), f.Close())
	}
	r.close = f.Close
	return r, nil
}

// NewReader reads the header, the root directory and the metadata.
func NewReader(file io.ReaderAt) (*Reader, error) {
	head := make([]byte, headerBytes)
	if _, err := file.ReadAt(head, 0); err != nil {
		return nil, errArchive
	}
	if string(head[:7]) != "PMTiles" || head[7] != 3 || head[97] != byGzip || head[98] != byGzip || head[99] != isMVT {
		return nil, errArchive
	}
	r := &Reader{file: file, close: func() error { return nil }}
	for i := range r.parts {
		r.parts[i] = part{binary.LittleEndian.Uint64(head[8+16*i:]), binary.LittleEndian.Uint64(head[16+16*i:])}
	}
	var err error
	if r.root, err = r.directory(r.parts[0].offset, r.parts[0].length); err != nil {
		return nil, err
	}
	text, err := r.unzipped(r.parts[1].offset, r.parts[1].length, mostMetadata)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(text, &r.metadata) != nil {
		return nil, errArchive
	}
	return r, nil
}

// Metadata is what the archive says of its tiles.
func (r *Reader) Metadata() map[string]any { return r.metadata }

// Close closes the file.
func (r *Reader) Close() error { return r.close() }

// Tile is the tile as it is packed, nil when the archive has none there.
func (r *Reader) Tile(t geo.Tile) ([]byte, error) {
	id, directory := ID(t), r.root
	for range mostDepth {
		e, there := find(directory, id)
		if !there {
			return nil, nil
		}
		if e.run > 0 {
			if e.length > mostTile {
				return nil, errArchive
			}
			packed := make([]byte, e.length)
			_, err := r.file.ReadAt(packed, int64(r.parts[3].offset+e.offset))
			return packed, err
		}
		if r.leaf == nil || r.leafAt != e.offset {
			var err error
			if r.leaf, err = r.directory(r.parts[2].offset+e.offset, uint64(e.length)); err != nil {
				return nil, err
			}
			r.leafAt = e.offset
		}
		directory = r.leaf
	}
	return nil, errArchive
}

// find is the entry that has the tile, or the leaf directory that may.
func find(entries []entry, id uint64) (entry, bool) {
	i := sort.Search(len(entries), func(i int) bool { return entries[i].id > id }) - 1
	if i < 0 {
		return entry{}, false
	}
	e := entries[i]
	return e, e.run == 0 || id-e.id < uint64(e.run)
}

// directory reads what [directory] writes.
func (r *Reader) directory(offset, length uint64) ([]entry, error) {
	b, err := r.unzipped(offset, length, mostDirectory)
	if err != nil {
		return nil, err
	}
	next := func() (v uint64) {
		n := 0
		if v, n = binary.Uvarint(b); n <= 0 {
			err, n = errArchive, 0
		}
		b = b[n:]
		return v
	}
	count := next()
	if count > uint64(len(b)) { // each takes four bytes at least
		return nil, errArchive
	}
	entries := make([]entry, count)
	last := uint64(0)
	for i := range entries {
		last += next()
		entries[i].id = last
	}
	for i := range entries {
		entries[i].run = uint32(next())
	}
	for i := range entries {
		entries[i].length = uint32(next())
	}
	for i := range entries {
		if at := next(); at > 0 {
			entries[i].offset = at - 1
		} else if i > 0 {
			entries[i].offset = entries[i-1].offset + uint64(entries[i-1].length)
		}
	}
	return entries, err
}

func (r *Reader) unzipped(offset, length uint64, most int64) ([]byte, error) {
	if length > mostDirectory || int64(offset) < 0 {
		return nil, errArchive
	}
	packed := make([]byte, 0, min(length, 1<<20))
	out := bytes.NewBuffer(packed)
	if n, err := io.Copy(out, io.NewSectionReader(r.file, int64(offset), int64(length))); err != nil ||
		uint64(n) != length {
		return nil, errArchive
	}
	zip, err := gzip.NewReader(out)
	if err != nil {
		return nil, errArchive
	}
	plain, err := io.ReadAll(io.LimitReader(zip, most+1))
	if err != nil || int64(len(plain)) > most {
		return nil, errArchive
	}
	return plain, nil
}
