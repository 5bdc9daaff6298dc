package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"

	"yizhan/internal/lang"
)

// An archive under way is two files beside the one to be: PATH.part has the tiles,
// PATH.part.index what has been done. The index begins with a plan, the text that
// says what is being written, and has a block for each checkpoint: length and
// checksum (CRC-32), the id of the next tile, and the tiles since the block before.
const (
	partSuffix  = ".part"
	indexSuffix = ".part.index"
	indexMark   = "yizhan archive index 1\n"
	mostBlock   = 64 << 20
)

// done is a tile that was put away.
type done struct {
	id, offset uint64
	length     uint32
	sum        [sha256.Size]byte
}

const doneBytes = 8 + 8 + 4 + sha256.Size

// Checkpoint makes sure that all tiles before the id can be found again after a
// break.
func (w *Writer) Checkpoint(next uint64) error {
	if err := errors.Join(w.out.Flush(), w.data.Sync()); err != nil {
		return err
	}
	block := binary.LittleEndian.AppendUint64(nil, next)
	for _, d := range w.fresh {
		block = binary.LittleEndian.AppendUint64(block, d.id)
		block = binary.LittleEndian.AppendUint64(block, d.offset)
		block = binary.LittleEndian.AppendUint32(block, d.length)
		block = append(block, d.sum[:]...)
	}
	w.fresh = w.fresh[:0]
	if _, err := w.index.Write(framed(block)); err != nil {
		return err
	}
	w.kept = true
	return w.index.Sync()
}

func framed(block []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(block)))
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(block))
	return append(b, block...)
}

// create opens the two files: as they are if they have the same plan, else empty.
func (w *Writer) create(plan string, fresh bool) error {
	mode := os.O_RDWR | os.O_CREATE
	var err error
	if w.data, err = os.OpenFile(w.path+partSuffix, mode, 0o644); err != nil {
		return err
	}
	if w.index, err = os.OpenFile(w.path+indexSuffix, mode, 0o644); err != nil {
		return err
	}
	size := int64(0)
	if !fresh {
		if size, err = w.resume(plan); err != nil {
			return err
		}
	}
	if size == 0 {
		w.entries, w.next, w.tiles, w.offset = nil, 0, 0, 0
		clear(w.known)
		head := append([]byte(indexMark), framed([]byte(plan))...)
		if err := errors.Join(w.index.Truncate(0), w.data.Truncate(0)); err != nil {
			return err
		}
		if _, err := w.index.WriteAt(head, 0); err != nil {
			return err
		}
		size = int64(len(head))
	}
	w.kept = w.next > 0
	if err := errors.Join(w.index.Truncate(size), w.data.Truncate(int64(w.offset))); err != nil {
		return err
	}
	_, err = w.index.Seek(size, io.SeekStart)
	_, errData := w.data.Seek(int64(w.offset), io.SeekStart)
	w.out = bufio.NewWriterSize(w.data, 1<<20)
	return errors.Join(err, errData)
}

// resume takes up what an index says was done, and returns the length of its whole
// part, 0 when it is of another plan or of nothing.
func (w *Writer) resume(plan string) (size int64, err error) {
	in := bufio.NewReaderSize(w.index, 1<<20)
	mark := make([]byte, len(indexMark))
	if _, err := io.ReadFull(in, mark); err != nil || string(mark) != indexMark {
		return 0, nil
	}
	was, n := readBlock(in)
	if n == 0 || string(was) != plan {
		return 0, nil
	}
	size = int64(len(indexMark) + n)
	held, err := w.data.Stat()
	if err != nil {
		return 0, err
	}
	for {
		block, n := readBlock(in)
		if n == 0 || len(block) < 8 || (len(block)-8)%doneBytes != 0 {
			return size, nil
		}
		for b := block[8:]; len(b) > 0; b = b[doneBytes:] {
			d := done{id: binary.LittleEndian.Uint64(b), offset: binary.LittleEndian.Uint64(b[8:]),
				length: binary.LittleEndian.Uint32(b[16:])}
			copy(d.sum[:], b[20:])
			if d.offset+uint64(d.length) > uint64(held.Size()) {
				return 0, nil
			}
			w.put(d)
		}
		w.next = binary.LittleEndian.Uint64(block)
		size += int64(n)
	}
}

// readBlock reads a block, and returns how many bytes it takes, 0 for one that is
// not whole.
func readBlock(in *bufio.Reader) (block []byte, n int) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, 0
	}
	length := binary.LittleEndian.Uint32(head)
	if length > mostBlock {
		return nil, 0
	}
	var out bytes.Buffer
	if _, err := io.CopyN(&out, in, int64(length)); err != nil ||
		crc32.ChecksumIEEE(out.Bytes()) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, 0
	}
	return out.Bytes(), 8 + int(length)
}

// unfinishedPMTiles is the plan of an archive that was begun under a name, "" for none.
func unfinishedPMTiles(path string) string {
	f, err := os.Open(path + indexSuffix)
	if err != nil {
		return ""
	}
	defer f.Close()
	in := bufio.NewReader(f)
	mark := make([]byte, len(indexMark))
	if _, err := io.ReadFull(in, mark); err != nil || string(mark) != indexMark {
		return ""
	}
	plan, _ := readBlock(in)
	return string(plan)
}

// Discard removes what was not finished, so that it cannot be resumed.
func (w *Writer) Discard() error {
	err := errors.Join(w.data.Close(), w.index.Close(), os.Remove(w.data.Name()), os.Remove(w.index.Name()))
	if err != nil {
		return lang.Errorf("remove the unfinished archive: %w", err)
	}
	return nil
}
