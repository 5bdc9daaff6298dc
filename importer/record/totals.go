package record

import "yizhan/internal/lang"

// mostTotals is how many rows are named one by one.
const mostTotals = 10

// Totals are rows that sum up others, which a reader of tables skips. The zero value is
// none.
type Totals struct {
	named []lang.Label
	more  int
}

// Add notes a row that was skipped, and the word by which it was known.
func (t *Totals) Add(row int64, word string) {
	if len(t.named) == mostTotals {
		t.more++
		return
	}
	t.named = append(t.named, lang.Bothf("skipped row %s: it is a total (%s)", lang.Thousands(row), word))
}

// Notes name the first rows and count the others.
func (t *Totals) Notes() []lang.Label {
	if t.more == 0 {
		return t.named
	}
	return append(t.named[:len(t.named):len(t.named)], lang.Bothf("skipped %d more totals", t.more))
}
