package archive

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"

	"yizhan/geo"
	"yizhan/internal/lang"
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

// Writer puts tiles into a file that appears under its name when it is whole. What
// was done before a break is kept beside it, as of the last checkpoint.
type Writer struct {
	path     string
	data     *os.File // tiles, until the directories are known
	index    *os.File
	out      *bufio.Writer
	entries  []entry
	known    map[[sha256.Size]byte]entry
	fresh    []done // since the last checkpoint
	next     uint64 // id of the first tile that was not done before
	kept     bool   // there is something to resume
	finished bool
	offset   uint64
	tiles    uint64
}

// createPMTiles begins an archive, or resumes one that was begun with the same plan,
// unless it is to be made afresh. The plan is any text that says what is written.
// Close it in the end, finished or not.
func createPMTiles(path, plan string, fresh bool) (*Writer, error) {
	w := &Writer{path: path, known: map[[sha256.Size]byte]entry{}}
	if err := w.create(plan, fresh); err != nil {
		return nil, lang.Errorf("%s cannot be written (%v); choose another path: %w", path, err, geo.ErrForbidden)
	}
	return w, nil
}

// Next is the id of the first tile that is still to be added; all before were.
func (w *Writer) Next() uint64 { return w.next }

// Add puts a tile away, packed with gzip; tiles come in the order of their ids.
func (w *Writer) Add(t geo.Tile, packed []byte) error {
	id := ID(t)
	if n := len(w.entries); n > 0 && id < w.entries[n-1].id+uint64(w.entries[n-1].run) {
		return lang.Errorf("tile %s is out of order", t)
	}
	d := done{id: id, offset: w.offset, length: uint32(len(packed)), sum: sha256.Sum256(packed)}
	if e, there := w.known[d.sum]; there {
		d.offset = e.offset
	} else if _, err := w.out.Write(packed); err != nil {
		return err
	}
	w.fresh = append(w.fresh, d)
	w.put(d)
	return nil
}

// put enters a tile whose bytes are in the file.
func (w *Writer) put(d done) {
	w.tiles++
	if _, there := w.known[d.sum]; !there {
		w.known[d.sum] = entry{offset: d.offset, length: d.length}
		w.offset = d.offset + uint64(d.length)
	}
	if n := len(w.entries); n > 0 {
		if last := &w.entries[n-1]; last.offset == d.offset && last.id+uint64(last.run) == d.id {
			last.run++
			return
		}
	}
	w.entries = append(w.entries, entry{id: d.id, offset: d.offset, length: d.length, run: 1})
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
	if err := os.Rename(f.Name(), w.path); err != nil {
		return 0, err
	}
	w.finished = true
	return int64(headerBytes+len(root)+len(metadata)+len(leaves)) + n, nil
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

// Close takes away the files beside a finished archive, and those of one of which
// nothing was kept.
func (w *Writer) Close() error {
	if w.finished || !w.kept {
		return w.Discard()
	}
	return errors.Join(w.data.Close(), w.index.Close())
}
