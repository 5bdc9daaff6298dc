package record

// Table is a decoder of rows of cells: what a spreadsheet shows, columns of
// coordinates among them.
type Table interface {
	// Cells is a row by column, in UTF-8.
	Cells(data []byte) (names, cells []string)
}
