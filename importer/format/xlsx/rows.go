package xlsx

import (
	"context"
	"errors"
	"io"
	"strings"

	"yizhan/importer/coords"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// cutter reads the rows below the header into batches of cells.
type cutter struct {
	ctx      context.Context
	rows     *sheetRows
	table    table
	batch    record.CellBatch
	batches  int
	cells    [][]byte
	unpacked int64 // bytes of the sheet
	steps    record.Steps
	found    findings
}

// findings is what the planner should know of rows that were read.
type findings struct {
	totals   record.Totals
	wrong    int // cells with an error
	rounded  int // whole numbers of more than 15 digits
	unsolved int // formulas without a value
	unnamed  int // values in columns without a name
}

// Next fills a batch with the next rows that are not blank.
func (c *cutter) Next(batch *record.Batch) error {
	c.batch.Fill(batch, c.batches)
	for !c.batch.Full() {
		row, err := c.rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row.number > c.table.last && !row.blank() {
			c.add(row)
		}
	}
	if err := c.ctx.Err(); err != nil {
		return lang.Errorf("%s: %w", c.rows.in.Name, context.Cause(c.ctx))
	}
	if len(batch.Spans) == 0 {
		c.steps.All()
		return io.EOF
	}
	c.batches++
	c.steps.To(c.rows.decoder.InputOffset(), c.unpacked)
	return nil
}

// add takes one row into the batch, unless it is a total.
func (c *cutter) add(row *sheetRow) {
	if word := totalWord(row); word != "" {
		c.cells = c.table.texts(c.cells[:0], row)
		if c.table.coords.Empty(c.cells) {
			c.found.totals.Add(int64(row.number), word)
			return
		}
	}
	c.batch.Begin()
	left := row.filled()
	for _, column := range c.table.columns {
		cell := row.at(column)
		if !cell.blank() {
			left--
		}
		c.count(cell)
		if len(cell.text) > c.rows.in.Options.FieldBytes {
			cell = sheetCell{kind: record.TooLong}
		}
		c.batch.Data = record.AppendCell(c.batch.Data, cell.kind, cell.text)
	}
	c.found.unnamed += left
	if c.batch.Held() > c.rows.in.Options.RecordBytes {
		c.batch.Spoil()
	}
	c.batch.Done(int64(row.number))
}

func (c *cutter) count(cell sheetCell) {
	switch {
	case cell.wrong:
		c.found.wrong++
	case cell.rounded:
		c.found.rounded++
	case cell.unsolved:
		c.found.unsolved++
	}
}

// filled is how many cells of a row are not blank.
func (r *sheetRow) filled() (n int) {
	for _, c := range r.cells {
		if !c.blank() {
			n++
		}
	}
	return n
}

// totalWord is the first text of a row when it says that the row is a total.
func totalWord(row *sheetRow) string {
	for _, c := range row.cells {
		if c.blank() {
			continue
		}
		if c.kind != record.Text || len(c.text) > 60 {
			return ""
		}
		word := strings.TrimRight(strings.Join(strings.Fields(string(c.text)), ""), ":：")
		switch strings.ToLower(word) {
		case "合计", "总计", "小计", "共计", "累计", "总合计", "total", "totals", "subtotal", "grandtotal", "sum":
			return word
		}
		return ""
	}
	return ""
}

// End tells of totals, errors and numbers that were met.
func (c *cutter) End() record.End {
	var e record.End
	f := c.found
	e.Notes = f.totals.Notes()
	for _, met := range []struct {
		n    int
		note lang.Label
	}{
		{f.wrong, lang.Bothf("%d cells hold an error such as #N/A and count as empty", f.wrong)},
		{f.unsolved, lang.Bothf("%d formulas have no stored result and count as empty; "+
			"open the workbook in a spreadsheet, save it and import it again", f.unsolved)},
		{f.rounded, lang.Bothf("%d numbers have more than 15 digits, which a spreadsheet rounds; store codes as text",
			f.rounded)},
		{f.unnamed, lang.Bothf("%d values are in columns without a name and were skipped", f.unnamed)},
	} {
		if met.n > 0 {
			e.Notes = append(e.Notes, met.note)
		}
	}
	return e
}

// Close ends the reading of the sheet.
func (c *cutter) Close() error { return c.rows.Close() }

var _ record.Table = (*decoder)(nil)

// decoder turns the cells of a row to a record. Columns of coordinates make
// its shape, not its values.
type decoder struct {
	coords coords.Columns
	names  [][]byte
	held   []bool // by column: its cells make the shape
	cells  []record.Cell
	texts  [][]byte
	limits record.Limits
}

func newDecoder(t table, limits record.Limits) *decoder {
	d := &decoder{coords: t.coords, held: make([]bool, len(t.names)), limits: limits}
	for _, name := range t.names {
		d.names = append(d.names, []byte(name))
	}
	for _, i := range t.coords.Held() {
		d.held[i] = true
	}
	return d
}

// Decode fills the record; every value is there even when the coordinates are at fault.
func (d *decoder) Decode(data []byte, rec *record.Record) {
	rec.Shape.Reset()
	rec.Values, rec.Fault = rec.Values[:0], nil
	d.cells, d.texts = d.cells[:0], d.texts[:0]
	for c, rest, ok := record.NextCell(data); ok; c, rest, ok = record.NextCell(rest) {
		d.cells, d.texts = append(d.cells, c), append(d.texts, c.Text)
	}
	if len(d.cells) != len(d.names) {
		rec.Fault = &record.Fault{Reason: record.TooLarge}
		return
	}
	rec.Fault = d.coords.Shape(d.texts, &rec.Shape, d.limits.Vertices)
	for i, c := range d.cells {
		if d.held[i] {
			continue
		}
		rec.Values = append(rec.Values, c.Value(d.names[i], rec))
	}
}

// Cells is a row of a sheet.
func (d *decoder) Cells(data []byte) (names, cells []string) {
	for i, rest := 0, data; i < len(d.names); i++ {
		c, behind, ok := record.NextCell(rest)
		if !ok {
			break
		}
		rest = behind
		names, cells = append(names, string(d.names[i])), append(cells, string(c.Text))
	}
	return names, cells
}
