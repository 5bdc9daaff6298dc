package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"yizhan/importer/record"
)

// merge is a range of cells shown as one, from and to counted in.
type merge struct{ top, left, bottom, right int }

func (m merge) covers(row, column int) bool {
	return row >= m.top && row <= m.bottom && column >= m.left && column <= m.right
}

// merges are those of a sheet. Only ranges in the first rows are kept.
type merges struct {
	head []merge
	tops []int // first rows of all ranges, up to a limit
}

// below is how many ranges begin below a row.
func (m merges) below(row int) (n int) {
	for _, top := range m.tops {
		if top > row {
			n++
		}
	}
	return n
}

// around is the range that a cell lies in.
func (m merges) around(row, column int) (merge, bool) {
	for _, one := range m.head {
		if one.covers(row, column) {
			return one, true
		}
	}
	return merge{}, false
}

func (b *workbook) readMerges(s sheet) (merges, error) {
	x, err := b.stream(b.parts[s.part])
	if err != nil {
		return merges{}, err
	}
	defer x.Close()
	return x.merges()
}

// merges finds the merged ranges (ECMA-376-1, 18.3.1.55), which stand behind the
// rows: these are passed over without being read.
func (x *xmlStream) merges() (m merges, err error) {
	const most = 100_000
	if found, err := x.skipRows(); err != nil || !found {
		return m, err
	}
	for {
		token, err := x.token()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "mergeCell" || len(m.tops) >= most {
			continue
		}
		from, to, _ := strings.Cut(attribute(e, "ref"), ":")
		left, top, ok := cellAddress(from)
		right, bottom, ok2 := cellAddress(to)
		if !ok || !ok2 {
			continue
		}
		m.tops = append(m.tops, top)
		if top <= headRows*2 && len(m.head) < headMerges {
			m.head = append(m.head, merge{top: top, left: left, bottom: bottom, right: right})
		}
	}
}

// headMerges is how many merged ranges of the first rows are looked at.
const headMerges = 1000

// skipRows passes over everything up to the end of the rows, which is found as
// bytes; found is false where there is none.
func (x *xmlStream) skipRows() (found bool, err error) {
	const longest = 64 // bytes of the end tag with a prefix
	buffer := make([]byte, record.BatchBytes)
	held := 0
	for {
		n, err := x.part.Read(buffer[held:])
		held += n
		if at := endOfRows(buffer[:held]); at >= 0 {
			rest := append([]byte(nil), buffer[at:held]...)
			x.decoder = xml.NewDecoder(io.MultiReader(bytes.NewReader(rest), x))
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, x.in.Damaged(err)
		}
		if held > longest {
			held = copy(buffer, buffer[held-longest:held])
		}
	}
}

// endOfRows is where the end tag of the rows ends, -1 where there is none.
func endOfRows(b []byte) int {
	name := []byte("sheetData>")
	for from := 0; ; {
		at := bytes.Index(b[from:], name)
		if at < 0 {
			return -1
		}
		at += from
		from = at + len(name)
		if open := bytes.LastIndexByte(b[:at], '<'); open >= 0 && open+1 < at && b[open+1] == '/' {
			return from
		}
	}
}
