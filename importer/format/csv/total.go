package csv

import (
	"bytes"
	"strings"

	"yizhan/importer/coords"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// totals finds rows that sum up others: 合计 in the first filled cell, and no
// coordinates. A nil one finds none.
type totals struct {
	decoder *decoder
	begins  [][]byte // characters that such a cell can begin with, in the bytes of the table
	met     record.Totals
}

func newTotals(t *table) *totals {
	found := &totals{decoder: newDecoder(t)}
	for _, character := range []string{"t", "T", "合", "总", "總", "小", "共", "累", "\u3000", "ｔ", "Ｔ"} {
		begin := []byte(character)
		if encoded, err := gbEncoder().Bytes(begin); t.text.gb && err == nil {
			begin = encoded
		}
		found.begins = append(found.begins, begin)
	}
	return found
}

// may is whether the first filled cell of a row begins like a total.
func (t *totals) may(record []byte) bool {
	filled := bytes.TrimLeft(t.decoder.table.dialect.filled(record), "\" ")
	for _, begin := range t.begins {
		if bytes.HasPrefix(filled, begin) {
			return true
		}
	}
	return false
}

// isTotal is whether the text of a cell says that its row is a sum.
func isTotal(cell []byte) bool {
	if len(cell) > 40 {
		return false
	}
	switch strings.TrimRight(strings.Join(strings.Fields(coords.Fold(string(cell))), ""), ":") {
	case "合计", "总计", "小计", "共计", "累计", "total":
		return true
	}
	return false
}

// is tells whether a row is a total, and books it.
func (t *totals) is(record []byte, row int64) bool {
	if t == nil || !t.may(record) {
		return false
	}
	cells, _, _ := t.decoder.cut(record)
	first := -1
	for i, cell := range cells {
		if len(bytes.TrimSpace(cell)) > 0 {
			first = i
			break
		}
	}
	if first < 0 || !isTotal(cells[first]) {
		return false
	}
	name := string(bytes.TrimSpace(cells[first]))
	cells[first] = nil // it may stand in a column of coordinates
	if !t.decoder.table.coords.Empty(cells) {
		return false
	}
	t.met.Add(row, name)
	return true
}

// notes name the totals that were skipped.
func (t *totals) notes() []lang.Label {
	if t == nil {
		return nil
	}
	return t.met.Notes()
}
