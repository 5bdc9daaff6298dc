package xlsx

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/coords"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// headRows is how many rows with something in them the header is looked for in.
const headRows = 20

// sheetHead is the beginning of a sheet: rows that are not blank.
type sheetHead struct {
	rows   []sheetRow
	merges merges
}

// header is where the names of the columns stand and what they are.
type header struct {
	first, last int // rows, as a spreadsheet shows them
	columns     []int
	names       []string
	coords      coords.Columns
}

// head reads the beginning of a sheet: the rows for a header, and some below.
func (b *workbook) head(s sheet) (h sheetHead, err error) {
	rows, err := b.rows(s)
	if err != nil {
		return h, err
	}
	defer rows.Close()
	for len(h.rows) < 2*headRows {
		row, err := rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return h, err
		}
		if row.blank() {
			continue
		}
		h.rows = append(h.rows, row.clone())
	}
	if len(h.rows) > 0 {
		h.merges, err = b.readMerges(s)
	}
	return h, err
}

// header finds the names: in the first row that names coordinates, alone or
// together with the row below where cells of both are merged. Titles above are
// passed over. Where no row names coordinates, the error is that of the first row
// of two different texts or more.
func (h sheetHead) header(o record.Options) (header, error) {
	var first error
	for i := range h.rows[:min(len(h.rows), headRows)] {
		if h.rows[i].words() < 2 {
			continue
		}
		for _, read := range []func(int) (header, bool){h.joined, h.single} {
			found, ok := read(i)
			if !ok {
				continue
			}
			var err error
			if found.coords, err = coords.Choose(found.names, h.sample(found), o); err == nil {
				return found, nil
			}
			if first == nil {
				first = lang.Errorf("row %d: %w", found.last, err)
			}
		}
	}
	if first == nil {
		first = lang.Errorf("no header row among the first %d rows; add a row of column names above the data: %w",
			headRows, geo.ErrInvalid)
	}
	return header{}, first
}

// words is how many different texts other than numbers a row has.
func (r *sheetRow) words() int {
	seen := make(map[string]bool)
	for _, c := range r.cells {
		if text := cellName(c); text != "" && c.kind == record.Text {
			if _, err := strconv.ParseFloat(text, 64); err != nil {
				seen[text] = true
			}
		}
	}
	return len(seen)
}

// cellName is a cell as the name of a column: runs of space, and broken lines, are one space.
func cellName(c sheetCell) string { return strings.Join(strings.Fields(string(c.text)), " ") }

// single takes one row as the header.
func (h sheetHead) single(i int) (header, bool) {
	row := &h.rows[i]
	names := make([]string, len(row.cells))
	for column, c := range row.cells {
		names[column] = cellName(c)
	}
	return newHeader(row.number, row.number, names), true
}

// joined takes a row and the one below as the header, where cells of the upper one
// are merged: 坐标 over 经度 and 纬度. A lower name that stands once is enough;
// others follow the upper name.
func (h sheetHead) joined(i int) (header, bool) {
	if i+1 >= len(h.rows) || h.rows[i+1].number != h.rows[i].number+1 {
		return header{}, false
	}
	upper, lower := &h.rows[i], &h.rows[i+1]
	wide := false
	for _, m := range h.merges.head {
		wide = wide || m.top == upper.number && m.bottom == upper.number && m.right > m.left &&
			lower.at(m.left).kind == record.Text
	}
	if !wide || lower.words() == 0 {
		return header{}, false
	}
	for _, c := range lower.cells {
		if c.kind == record.Number {
			return header{}, false
		}
	}
	names := make([]string, max(len(upper.cells), len(lower.cells)))
	above, times := make([]string, len(names)), make(map[string]int)
	for column := range names {
		above[column] = cellName(upper.at(column))
		if m, ok := h.merges.around(upper.number, column); ok && m.top == upper.number {
			above[column] = cellName(upper.at(m.left))
		}
		if names[column] = cellName(lower.at(column)); names[column] == "" {
			names[column], above[column] = above[column], ""
		}
		times[names[column]]++
	}
	for column, name := range names {
		if times[name] > 1 && above[column] != "" {
			names[column] = above[column] + "_" + name
		}
	}
	return newHeader(upper.number, lower.number, names), true
}

// newHeader keeps the columns that have a name. A name that comes again gets a number.
func newHeader(first, last int, names []string) header {
	h := header{first: first, last: last}
	times := make(map[string]int)
	for column, name := range names {
		if name == "" {
			continue
		}
		if times[name]++; times[name] > 1 {
			name += "_" + strconv.Itoa(times[name])
		}
		h.columns, h.names = append(h.columns, column), append(h.names, name)
	}
	return h
}

// sample is the cells of the first rows below the header, by its columns.
func (h sheetHead) sample(of header) (rows [][][]byte) {
	for i := range h.rows {
		if row := &h.rows[i]; row.number > of.last {
			rows = append(rows, of.texts(nil, row))
		}
	}
	return rows
}

// texts are the cells of a row by the columns of the header.
func (h header) texts(to [][]byte, row *sheetRow) [][]byte {
	for _, column := range h.columns {
		to = append(to, row.at(column).text)
	}
	return to
}

// where says in which rows the header stands.
func (h header) where() lang.Label {
	if h.first == h.last {
		return lang.Bothf("its header is row %s", strconv.Itoa(h.last))
	}
	return lang.Bothf("its header is rows %d and %d", h.first, h.last)
}
