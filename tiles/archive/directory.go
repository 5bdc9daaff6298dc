package archive

import (
	"bytes"
	"encoding/binary"

	"yizhan/internal/lang"

	"github.com/klauspost/compress/gzip"
)

// entry says where a run of tiles lies; a run of 0 points to a leaf directory.
type entry struct {
	id     uint64
	offset uint64
	length uint32
	run    uint32
}

// directory is the packed form of entries: their number, then column by column the
// differences of ids, runs, lengths, and offsets, 0 for one that follows the entry before.
func directory(entries []entry) ([]byte, error) {
	plain := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(e.run))
	}
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			plain = binary.AppendUvarint(plain, 0)
			continue
		}
		plain = binary.AppendUvarint(plain, e.offset+1)
	}
	return zipped(plain)
}

func zipped(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// mostRoot is how long the root directory may be, so that it comes with the first
// 16 KiB of the file (section 3).
const mostRoot = 16384 - headerBytes

// directories are the root, and the leaves one behind another where the root alone
// would be too long.
func directories(entries []entry) (root, leaves []byte, err error) {
	if root, err = directory(entries); err != nil || len(root) <= mostRoot {
		return root, nil, err
	}
	for size := 4096; size <= len(entries); size *= 2 {
		var pointers []entry
		leaves = nil
		for at := 0; at < len(entries); at += size {
			leaf, err := directory(entries[at:min(at+size, len(entries))])
			if err != nil {
				return nil, nil, err
			}
			pointers = append(pointers, entry{id: entries[at].id, offset: uint64(len(leaves)),
				length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(pointers); err != nil || len(root) <= mostRoot {
			return root, leaves, err
		}
	}
	return nil, nil, lang.Errorf("%d tiles do not fit in one directory", len(entries))
}
