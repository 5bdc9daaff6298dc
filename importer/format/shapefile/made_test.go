package shapefile

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// column is a field of a table made for a test; its name is as bytes.
type column struct {
	name  string
	kind  byte
	width int
}

// madeDBF makes a table; a row that begins with "*" is deleted. Cells are as bytes
// and padded with blanks.
func madeDBF(language byte, columns []column, rows ...[]string) []byte {
	width := 1
	for _, c := range columns {
		width += c.width
	}
	b := make([]byte, 32)
	b[0], b[29] = 3, language
	binary.LittleEndian.PutUint32(b[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(b[8:], uint16(33+32*len(columns)))
	binary.LittleEndian.PutUint16(b[10:], uint16(width))
	for _, c := range columns {
		d := make([]byte, 32)
		copy(d[:11], c.name)
		d[11], d[16] = c.kind, byte(c.width)
		b = append(b, d...)
	}
	b = append(b, 0x0D)
	for _, row := range rows {
		mark := byte(' ')
		if len(row) > 0 && row[0] == "*" {
			mark, row = '*', row[1:]
		}
		b = append(b, mark)
		for i, c := range columns {
			cell := row[i]
			b = append(b, cell[:min(len(cell), c.width)]...)
			b = append(b, strings.Repeat(" ", max(0, c.width-len(cell)))...)
		}
	}
	return append(b, 0x1A)
}

// madeSHP makes a .shp of records of the contents, numbered from 1.
func madeSHP(code int32, contents ...[]byte) []byte {
	b := make([]byte, 100)
	binary.BigEndian.PutUint32(b, 9994)
	binary.LittleEndian.PutUint32(b[28:], 1000)
	binary.LittleEndian.PutUint32(b[32:], uint32(code))
	for i, content := range contents {
		b = binary.BigEndian.AppendUint32(b, uint32(i+1))
		b = binary.BigEndian.AppendUint32(b, uint32(len(content)/2))
		b = append(b, content...)
	}
	binary.BigEndian.PutUint32(b[24:], uint32(len(b)/2))
	return b
}

// madeSHX makes the index of records at the places.
func madeSHX(places ...[2]int) []byte {
	b := madeSHP(1)
	for _, p := range places {
		b = binary.BigEndian.AppendUint32(b, uint32(p[0]/2))
		b = binary.BigEndian.AppendUint32(b, uint32(p[1]/2))
	}
	return b
}

// typed begins a content with the type of its shape.
func typed(code uint32, more ...byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, code), more...)
}

func floats(b []byte, xy ...float64) []byte {
	for _, v := range xy {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func pointShape(x, y float64) []byte { return floats(typed(1), x, y) }

// partsShape is a PolyLine or Polygon of parts, each x, y, x, y …
func partsShape(code uint32, parts ...[]float64) []byte {
	all := 0
	for _, part := range parts {
		all += len(part) / 2
	}
	b := append(typed(code), make([]byte, 32)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(parts)))
	b = binary.LittleEndian.AppendUint32(b, uint32(all))
	start := 0
	for _, part := range parts {
		b = binary.LittleEndian.AppendUint32(b, uint32(start))
		start += len(part) / 2
	}
	for _, part := range parts {
		b = floats(b, part...)
	}
	return b
}

// cw and ccw are square rings around a point.
func cw(x, y, half float64) []float64 {
	return []float64{x - half, y - half, x - half, y + half, x + half, y + half, x + half, y - half, x - half, y - half}
}

func ccw(x, y, half float64) []float64 {
	return []float64{x - half, y - half, x + half, y - half, x + half, y + half, x - half, y + half, x - half, y - half}
}

// madeSet writes files of a set, by extension, and returns the path of the .shp.
func madeSet(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for ext, data := range files {
		if err := os.WriteFile(filepath.Join(dir, "座椅"+ext), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "座椅.shp")
}

func inputOf(path string, o record.Options) record.Input {
	o.Limits = o.WithDefaults()
	return record.Input{Name: filepath.Base(path), Path: path, Options: o}
}

func openSet(t testing.TB, path string, o record.Options) *record.File {
	t.Helper()
	f, err := Open(t.Context(), inputOf(path, o))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// refused is the error of opening and reading a whole set; "" when there is none.
func refused(t testing.TB, path string, o record.Options) string {
	t.Helper()
	f, err := Open(t.Context(), inputOf(path, o))
	if err != nil {
		return err.Error()
	}
	cut, err := f.Cutter(t.Context(), &record.Pace{})
	if err != nil {
		return err.Error()
	}
	defer cut.Close()
	for err == nil {
		err = cut.Next(&record.Batch{})
	}
	return strings.TrimPrefix(err.Error(), "EOF")
}

func notesOf(f *record.File) string { return recordtest.English(record.End{Notes: f.Notes}) }

// patched is data with some bytes written over.
func patched(data []byte, at int, with ...byte) []byte {
	data = bytes.Clone(data)
	copy(data[at:], with)
	return data
}
