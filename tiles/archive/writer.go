package archive

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"yizhan/geo"
)

// headerBytes is the length of the header (section 3).
const headerBytes = 127

// Codes of the header: packed with gzip, vector tiles.
const (
	byGzip = 2
	isMVT  = 1
)

// About is what the archive says of its tiles.
type About struct {
	MinZoom, MaxZoom uint8
	Bounds           [4]float64 // west, south, east, north in degrees
	Metadata         map[string]any
}

// Writer puts tiles into a file that appears under its name when it is whole.
type Writer struct {
	path    string
	data    *os.File // tiles, until the directories are known
	out     *bufio.Writer
	entries []entry
	known   map[[sha256.Size]byte]entry
	offset  uint64
	tiles   uint64
}

// Create begins an archive. Close it in the end, finished or not.
func Create(path string) (*Writer, error) {
	data, err := os.CreateTemp(filepath.Dir(path), ".yizhan-tiles-*")
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written (%v); choose another place: %w", path, err, geo.ErrForbidden)
	}
	return &Writer{path: path, data: data, out: bufio.NewWriterSize(data, 1<<20), known: map[[sha256.Size]byte]entry{}}, nil
}

// Add puts a tile away, packed with gzip; tiles come in the order of their ids.
func (w *Writer) Add(t geo.Tile, packed []byte) error {
	id := ID(t)
	if n := len(w.entries); n > 0 && id < w.entries[n-1].id+uint64(w.entries[n-1].run) {
		return fmt.Errorf("tile %s comes after one behind it on the curve", t)
	}
	w.tiles++
	sum := sha256.Sum256(packed)
	e, there := w.known[sum]
	if !there {
		e = entry{offset: w.offset, length: uint32(len(packed))}
		w.known[sum] = e
		if _, err := w.out.Write(packed); err != nil {
			return err
		}
		w.offset += uint64(len(packed))
	}
	if n := len(w.entries); n > 0 {
		if last := &w.entries[n-1]; last.offset == e.offset && last.id+uint64(last.run) == id {
			last.run++
			return nil
		}
	}
	w.entries = append(w.entries, entry{id: id, offset: e.offset, length: e.length, run: 1})
	return nil
}

// Tiles is how many were added, and how many different contents they have.
func (w *Writer) Tiles() (added, different int) { return int(w.tiles), len(w.known) }

// Finish writes the archive under its name.
func (w *Writer) Finish(about About) (size int64, err error) {
	if err := w.out.Flush(); err != nil {
		return 0, err
	}
	root, leaves, err := directories(w.entries)
	if err != nil {
		return 0, err
	}
	text, err := json.Marshal(about.Metadata)
	if err != nil {
		return 0, err
	}
	metadata, err := zipped(text)
	if err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(w.path), ".yizhan-archive-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := w.data.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	for _, part := range [][]byte{w.header(about, len(root), len(metadata), len(leaves)), root, metadata, leaves} {
		if _, err := f.Write(part); err != nil {
			return 0, err
		}
	}
	n, err := io.Copy(f, w.data)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return 0, err
	}
	return int64(headerBytes+len(root)+len(metadata)+len(leaves)) + n, os.Rename(f.Name(), w.path)
}

// header is the first 127 bytes (section 3).
func (w *Writer) header(about About, root, metadata, leaves int) []byte {
	b := append([]byte("PMTiles"), 3)
	at := uint64(headerBytes)
	for _, length := range []uint64{uint64(root), uint64(metadata), uint64(leaves), w.offset} {
		b = binary.LittleEndian.AppendUint64(b, at)
		b = binary.LittleEndian.AppendUint64(b, length)
		at += length
	}
	for _, n := range []uint64{w.tiles, uint64(len(w.entries)), uint64(len(w.known))} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, 1, byGzip, byGzip, isMVT, about.MinZoom, about.MaxZoom)
	degrees := func(v float64) { b = binary.LittleEndian.AppendUint32(b, uint32(int32(math.Round(v*1e7)))) }
	box := about.Bounds
	for _, v := range box {
		degrees(v)
	}
	b = append(b, (about.MinZoom+about.MaxZoom)/2)
	degrees((box[0] + box[2]) / 2)
	degrees((box[1] + box[3]) / 2)
	return b
}

// Close takes away what was not finished.
func (w *Writer) Close() error {
	return errors.Join(w.data.Close(), os.Remove(w.data.Name()))
}
