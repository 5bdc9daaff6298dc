package merge

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"
	"math/bits"

	"github.com/jackc/pgx/v5"

	"yizhan/importer"
)

// errLongWay: a short way cannot tell what the long one would do.
var errLongWay = errors.New("the long way round")

// Between these sizes a layer is compared with a file row by row in memory, 16
// bytes a row; smaller ones need no short way, larger ones too much memory.
const (
	knownFrom = 5_000
	knownMost = 4_000_000
)

// changes stages only rows that are not in the layer byte by byte: the layer's
// rows are read as the sums of their bytes, in the form in which rows would be
// staged. What differs in bytes alone is staged, and the ledger decides.
func (s *staging) changes(ctx context.Context) (rows *staged, err error) {
	if s.order.mode() != Merge || s.target.Layer.KeyColumn == "" || s.placed.projected() {
		return nil, nil
	}
	if n, err := s.size(ctx, knownFrom); err != nil || n < knownFrom {
		return nil, err
	}
	err = pgx.BeginFunc(ctx, s.tx, func(pgx.Tx) (err error) {
		rows, err = s.differing(ctx, importer.Expected(&s.target.Target, s.order.file, s.placed.sample))
		return err
	})
	if errors.Is(err, errLongWay) {
		return nil, nil
	}
	return rows, err
}

// differing reads the layer, then the file, and stages what is not in both.
func (s *staging) differing(ctx context.Context, expected []bool) (*staged, error) {
	known := newKnown(s.target)
	reader := &knownReader{known: known}
	columns := s.statementOf("queries/import_known.sql", view{present: expected})
	_, err := s.tx.Conn().PgConn().CopyTo(ctx, reader, columns)
	if err = errors.Join(err, reader.err); err != nil {
		return nil, err
	}
	if err := s.makeStaging(ctx); err != nil {
		return nil, err
	}
	var sink *changeSink
	report, err := s.copy(ctx, s.statement("queries/import_copy.sql"), func(w io.Writer) importer.Sink {
		sink = &changeSink{copySink: newCopySink(s.target, w), known: known, keep: s.kept()}
		return sink
	})
	if err != nil {
		return nil, err
	}
	if !covers(expected, report.Present) {
		return nil, errLongWay
	}
	return &staged{report: report, skipped: sink.skipped, nothingNew: sink.fresh == 0}, s.copyAside(ctx, sink.same)
}

// covers reports whether every column that turned up was expected.
func covers(expected, present []bool) bool {
	for n := range present {
		if present[n] && !expected[n] {
			return false
		}
	}
	return true
}

// known are the rows of a layer by sums of their keys and of their bytes.
type known struct {
	seed  maphash.Seed
	key   int // number of the key among the columns
	slots []slot
	seen  []uint64 // a bit a slot: the file has the key
	count int
}

type slot struct{ key, row uint64 } // key 0: free

func newKnown(t *target) *known {
	k := &known{seed: maphash.MakeSeed(), slots: make([]slot, 1<<14)}
	for n, c := range t.Columns {
		if c.Name == t.Layer.KeyColumn {
			k.key = n
		}
	}
	return k
}

// sums of a tuple: fields are a length and bytes each, the geometry first.
func (k *known) sums(fields []byte) (key, row uint64) {
	return maphash.Bytes(k.seed, k.keyOf(fields)[4:]) | 1, maphash.Bytes(k.seed, fields)
}

// keyOf is the field of the key, its length first.
func (k *known) keyOf(fields []byte) []byte {
	at := fields
	for range k.key + 1 {
		at = at[4+max(0, int(int32(binary.BigEndian.Uint32(at)))):]
	}
	return at[:4+max(0, int(int32(binary.BigEndian.Uint32(at))))]
}

// place is the slot of a key, or the free one where it would go.
func (k *known) place(key uint64) int {
	shift := 64 - bits.TrailingZeros(uint(len(k.slots)))
	for at := int(key * 0x9e3779b97f4a7c15 >> shift); ; at++ {
		if at == len(k.slots) {
			at = 0
		}
		if k.slots[at].key == key || k.slots[at].key == 0 {
			return at
		}
	}
}

func (k *known) add(key, row uint64) error {
	if k.count >= knownMost {
		return errLongWay
	}
	if 4*k.count >= 3*len(k.slots) {
		old := k.slots
		k.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.key != 0 {
				k.slots[k.place(s.key)] = s
			}
		}
	}
	k.slots[k.place(key)] = slot{key, row}
	k.count++
	return nil
}

// has reports whether the layer has the key, and the very row. The same key twice
// is not for the short way.
func (k *known) has(key, row uint64) (there, same bool, err error) {
	if k.seen == nil {
		k.seen = make([]uint64, len(k.slots)/64)
	}
	at := k.place(key)
	if k.slots[at].key == 0 {
		return false, false, nil
	}
	bit := uint64(1) << (at % 64)
	if k.seen[at/64]&bit != 0 {
		return true, false, errLongWay
	}
	k.seen[at/64] |= bit
	return true, k.slots[at].row == row, nil
}

// knownReader takes a COPY in binary form apart, in whatever pieces it comes.
type knownReader struct {
	known   *known
	rest    []byte
	started bool
	err     error // why the rest is not looked at; the stream is read to its end all the same
}

func (r *knownReader) Write(p []byte) (int, error) {
	if r.err != nil {
		return len(p), nil
	}
	data := p
	if len(r.rest) > 0 {
		r.rest = append(r.rest, p...)
		data = r.rest
	}
	used, err := r.take(data)
	r.rest, r.err = append(r.rest[:0], data[used:]...), err
	return len(p), nil
}

// take adds the whole tuples of the data, and returns how many bytes they are.
func (r *knownReader) take(data []byte) (used int, err error) {
	if !r.started {
		if len(data) < len(copyHeader) {
			return 0, nil
		}
		used, r.started = len(copyHeader), true
	}
	for {
		end, fields := tupleEnd(data[used:])
		if end < 0 {
			return used, nil
		}
		if fields > 0 {
			if err := r.known.add(r.known.sums(data[used+2 : used+end])); err != nil {
				return used, err
			}
		}
		used += end
	}
}

// tupleEnd is the length of the tuple at the start of data, -1 when it is not all
// there; fields is 0 for the trailer.
func tupleEnd(data []byte) (end, fields int) {
	if len(data) < 2 {
		return -1, 0
	}
	fields = int(int16(binary.BigEndian.Uint16(data)))
	if fields < 0 {
		return 2, 0
	}
	end = 2
	for range fields {
		if len(data) < end+4 {
			return -1, 0
		}
		end += 4 + max(0, int(int32(binary.BigEndian.Uint32(data[end:]))))
	}
	if end > len(data) {
		return -1, 0
	}
	return end, fields
}

// changeSink passes on the rows that the layer does not have.
type changeSink struct {
	*copySink
	known   *known
	skipped int64 // rows that the layer has
	fresh   int64 // rows of which it does not have the key
	keep    bool  // the keys of rows that the layer has are wanted
	same    []byte
	out     []byte
}

// sumsBytes stand before each row: its length, and its sums.
const sumsBytes = 4 + 8 + 8

// placeBytes stand before a staged tuple's geometry: the number of fields, and two of 8 bytes.
const placeBytes = 2 + 12 + 12

// Encode appends the sums of a row, then the row.
func (s *changeSink) Encode(b []byte, row *importer.Row) []byte {
	start := len(b)
	b = append(b, make([]byte, sumsBytes)...)
	b = s.copySink.Encode(b, row)
	tuple := b[start+sumsBytes:]
	key, sum := s.known.sums(tuple[placeBytes:])
	head := b[start:start]
	head = binary.LittleEndian.AppendUint32(head, uint32(len(tuple)))
	head = binary.LittleEndian.AppendUint64(head, key)
	binary.LittleEndian.AppendUint64(head, sum)
	return b
}

// Write passes on those of the rows that differ.
func (s *changeSink) Write(rows []byte) error {
	s.out = s.out[:0]
	for len(rows) > 0 {
		n := int(binary.LittleEndian.Uint32(rows))
		there, same, err := s.known.has(binary.LittleEndian.Uint64(rows[4:]), binary.LittleEndian.Uint64(rows[12:]))
		if err != nil {
			return err
		}
		if !there {
			s.fresh++
		}
		if same {
			s.skipped++
			if s.keep {
				s.same = append(s.same, s.known.keyOf(rows[sumsBytes+placeBytes:])...)
			}
		} else {
			s.out = append(s.out, rows[sumsBytes:sumsBytes+n]...)
		}
		rows = rows[sumsBytes+n:]
	}
	if len(s.out) == 0 {
		return nil
	}
	return s.copySink.Write(s.out)
}
