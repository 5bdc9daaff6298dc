package format

// Table is a decoder of rows of cells: what a spreadsheet shows, columns of
// coordinates among them.
type Table interface {
	// Cells is a row by column, in UTF-8.
	Cells(data []byte) (names, cells []string)
}

var (
	_ Table = (*csvDecoder)(nil)
	_ Table = (*xlsxDecoder)(nil)
)

// Tabular reports whether the file is a table, of which rows have numbers.
func (f *File) Tabular() bool { return f.Format == "CSV" || f.Format == "TSV" || f.Format == "XLSX" }

// Cells is a row of delimited values.
func (d *csvDecoder) Cells(data []byte) (names, cells []string) {
	row, _, _ := d.cut(data)
	for i, c := range d.table.columns {
		if c.ignored {
			continue
		}
		text := ""
		if i < len(row) {
			text = string(row[i])
		}
		names, cells = append(names, string(c.name)), append(cells, text)
	}
	return names, cells
}

// Cells is a row of a sheet.
func (d *xlsxDecoder) Cells(data []byte) (names, cells []string) {
	for i, rest := 0, data; i < len(d.names); i++ {
		c, behind, ok := nextCell(rest)
		if !ok {
			break
		}
		rest = behind
		names, cells = append(names, string(d.names[i])), append(cells, string(c.text))
	}
	return names, cells
}
