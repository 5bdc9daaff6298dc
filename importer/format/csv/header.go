package csv

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/coords"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Rows that decide: of the head all together, those that can be the header, and
// those below it that must be as wide.
const (
	sampleRows = 60
	titleRows  = 20
	widthRows  = 10
)

// namedColumns is how many columns a note names.
const namedColumns = 30

// placesFound is what a header scores that says where the coordinates are.
const placesFound = 10000

// sampleRow is a row of the head that is not empty.
type sampleRow struct {
	row   int64 // as a spreadsheet counts
	cells [][]byte
}

// guess tries each delimiter on the head and keeps the one under which a header
// stands: one that names coordinates before others, then the one with most rows
// of its width, then the wider.
func (t *table) guess(head []byte, whole bool) (rows []sampleRow, header int, err error) {
	best, delimiter := -1.0, ""
	for _, d := range []string{",", "\t", ";", "|", "，", ""} {
		if d == "" && best >= placesFound {
			break
		}
		t.dialect.delimiter = d
		sample, failed := t.sample(head, whole)
		if len(sample) == 0 && failed != nil && !errors.Is(failed, io.EOF) {
			err = failed
			continue
		}
		at, score := t.headerOf(sample, d == "")
		if score > best {
			rows, header, best, delimiter = sample, at, score, d
		}
	}
	switch t.dialect.delimiter = delimiter; {
	case best >= 0:
		return rows, header, nil
	case err != nil:
		return nil, 0, err
	}
	return nil, 0,
		lang.Errorf("%s has no header row among its first %d rows; add a row of column names above the data: %w",
			t.in.Name, titleRows, geo.ErrInvalid)
}

// sample cuts the first rows of the head. A row that the end of the head cuts is left out.
func (t *table) sample(head []byte, whole bool) (rows []sampleRow, err error) {
	if last := bytes.LastIndexAny(head, "\r\n"); !whole && last >= 0 {
		head = head[:last+1]
	}
	cutter := t.cut(context.Background(), io.NopCloser(bytes.NewReader(head)))
	for len(rows) < sampleRows {
		var b record.Batch
		if err := cutter.Next(&b); err != nil {
			return rows, err
		}
		for _, s := range b.Spans[:min(len(b.Spans), sampleRows-len(rows))] {
			cells, _, _, _ := t.dialect.split(b.Data[s.Start:s.End], nil, nil, t.limits.Columns+1)
			rows = append(rows, sampleRow{s.Position, cells})
		}
	}
	return rows, nil
}

// headerOf finds the header: the first of the rows that names columns, is
// followed by rows of its width and says where the coordinates are; else the first
// that is all but the last, else the first that only names columns. A score below
// zero says that there is none. alone is for tables of one column.
func (t *table) headerOf(rows []sampleRow, alone bool) (header int, score float64) {
	header, score = -1, -1
	for i, r := range rows[:min(len(rows), titleRows)] {
		_, err := coords.Find(cellNames(r.cells), t.in.Options)
		if !alone && !namesColumns(r.cells) || alone && (err != nil || bytes.ContainsAny(r.cells[0], ",\t;|，")) {
			continue
		}
		same := sameWidth(rows[i+1:], len(r.cells))
		found := same*100 + float64(min(len(r.cells), 99))/100
		if same >= 0.5 {
			found += 1000
		}
		if err == nil {
			found += placesFound
		}
		if found >= 1000 && found > score && (header < 0 || int(found/1000) > int(score/1000)) || header < 0 {
			header, score = i, found
		}
	}
	return header, score
}

// namesColumns is whether a row has two different texts that are not numbers.
func namesColumns(cells [][]byte) bool {
	first := ""
	for _, cell := range cells {
		text := string(bytes.TrimSpace(cell))
		if _, number := coords.Parse([]byte(text)); number || text == "" || text == first {
			continue
		}
		if first != "" {
			return true
		}
		first = text
	}
	return false
}

// sameWidth is the part of the next rows that have so many cells; 1 when there is none.
func sameWidth(rows []sampleRow, width int) float64 {
	rows = rows[:min(len(rows), widthRows)]
	if len(rows) == 0 {
		return 1
	}
	same := 0
	for _, r := range rows {
		if len(r.cells) == width {
			same++
		}
	}
	return float64(same) / float64(len(rows))
}

// cellNames are the cells of a header as names: on one line, without spaces around them.
func cellNames(cells [][]byte) []string {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = strings.Join(strings.Fields(strings.ToValidUTF8(string(cell), "�")), " ")
	}
	return names
}

// nameColumns makes the columns of the table. Empty and repeated names become
// usable ones; empty ones at the end, with nothing below them, are none.
func (t *table) nameColumns(header [][]byte, below []sampleRow) ([]string, []lang.Label, error) {
	if len(header) > t.limits.Columns {
		return nil, nil, lang.Errorf("row %d of %s has more than %d columns; remove some: %w",
			t.header, t.in.Name, t.limits.Columns, geo.ErrInvalid)
	}
	names := cellNames(header)
	for last := len(names) - 1; last >= 0 && names[last] == "" && !filledBelow(below, last); last-- {
		names = names[:last]
	}
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[name] = true
	}
	var given []string
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		unique := name
		if name == "" {
			unique = "column_" + strconv.Itoa(i+1)
		}
		stem := unique
		for n := 2; seen[unique] || unique != name && taken[unique]; n++ {
			unique = stem + "_" + strconv.Itoa(n)
		}
		seen[unique] = true
		if unique != name {
			given = append(given, unique)
		}
		names[i] = unique
		t.columns = append(t.columns, column{name: []byte(unique), ignored: ownColumn(unique)})
	}
	if len(given) == 0 {
		return names, nil, nil
	}
	note := lang.Bothf("columns without a name or with a repeated one are named %s",
		record.Quoted(given, namedColumns))
	return names, []lang.Label{note}, nil
}

func filledBelow(rows []sampleRow, column int) bool {
	for _, r := range rows {
		if len(coords.CellAt(r.cells, column)) > 0 {
			return true
		}
	}
	return false
}

// ownColumn is whether our own list of rejected rows added the column, so that the
// list can be corrected and imported again.
func ownColumn(name string) bool {
	return slices.Contains([]string{"行 row", "退回原因 reject_reason", "处理办法 remedy", "拒绝原因 reject_reason", "办法 remedy"},
		name)
}
