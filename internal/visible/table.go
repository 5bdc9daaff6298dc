package visible

import (
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// widestCell is the widest that a cell of a table gets, in columns of the terminal.
const widestCell = 40

// Table writes rows of cells in columns, aligned by the width that terminals give
// Chinese characters. All rows have as many cells as the first.
func Table(w io.Writer, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	widths := make([]int, len(rows[0]))
	shown := make([][]string, len(rows))
	for n, row := range rows {
		shown[n] = make([]string, len(row))
		for i, cell := range row {
			shown[n][i] = runewidth.Truncate(Line(cell), widestCell, "…")
			widths[i] = max(widths[i], runewidth.StringWidth(shown[n][i]))
		}
	}
	for _, cells := range shown {
		for i, cell := range cells {
			cells[i] = runewidth.FillRight(cell, widths[i])
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "  "), " ")); err != nil {
			return err
		}
	}
	return nil
}
