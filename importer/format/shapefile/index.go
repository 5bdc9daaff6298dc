package shapefile

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// readIndex looks through the .shx (ESRI, "Organization of the Index File"). It is
// not needed where the shapes lie one behind another in order. A program that
// changes shapes in place moves the grown ones to the end of the .shp and leaves
// dead bytes behind; then only the .shx says which record is which.
func (s *source) readIndex(ctx context.Context, f *record.File) error {
	if s.set.shx == "" {
		return nil
	}
	file, err := os.Open(s.set.shx)
	if err != nil {
		return nil //nolint:nilerr // as if there were none
	}
	defer file.Close()
	scan, err := s.scanIndex(ctx, bufio.NewReaderSize(file, 64<<10))
	switch {
	case err != nil:
		return err
	case scan.inOrder || !scan.sound:
	case s.table == nil || scan.count == s.table.rows:
		s.indexed = true
		f.Notes = append(f.Notes,
			lang.Bothf("the shapes are not stored in order; they were read in the order of the .shx"))
	}
	if s.table == nil && scan.sound {
		f.Count = scan.count
	}
	if s.table != nil && scan.inOrder && scan.count != s.table.rows {
		return s.set.mismatch(scan.count, s.table.rows)
	}
	return nil
}

// indexScan is what a .shx is found to be.
type indexScan struct {
	count   int64
	sound   bool // every entry lies within the .shp
	inOrder bool // and each begins where the one before ends, the last at the end
}

func (s *source) scanIndex(ctx context.Context, r io.Reader) (indexScan, error) {
	scan := indexScan{sound: true}
	head := make([]byte, shpHeaderBytes)
	if _, err := io.ReadFull(r, head); err != nil || binary.BigEndian.Uint32(head) != shpFileCode {
		return indexScan{}, nil //nolint:nilerr // not an index
	}
	gapless, next := true, int64(shpHeaderBytes)
	for {
		at, length, err := readIndexEntry(r)
		switch {
		case errors.Is(err, io.EOF):
			scan.inOrder = scan.sound && gapless && next == s.head.end
			return scan, nil
		case err != nil:
			return indexScan{}, nil //nolint:nilerr // not to be relied on
		}
		end := at + shpRecordHead + length
		scan.sound = scan.sound && at >= shpHeaderBytes && length >= 0 && end <= s.head.end
		gapless = gapless && at == next
		next = end
		if scan.count++; scan.count%(64<<10) == 0 && ctx.Err() != nil {
			return indexScan{}, ctx.Err()
		}
	}
}

// readIndexEntry reads where a record lies and the length of its content, in bytes.
func readIndexEntry(r io.Reader) (at, length int64, err error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, 0, err
	}
	return 2 * int64(binary.BigEndian.Uint32(b[:])), 2 * int64(int32(binary.BigEndian.Uint32(b[4:]))), nil
}

// openIndex opens the .shx behind its header.
func (s *source) openIndex() (*os.File, error) {
	file, err := os.Open(s.set.shx)
	if err == nil {
		if _, err = file.Seek(shpHeaderBytes, io.SeekStart); err == nil {
			return file, nil
		}
		err = errors.Join(err, file.Close())
	}
	return nil, lang.Errorf("the .shx of %w", s.set.in.Unreadable(err))
}
