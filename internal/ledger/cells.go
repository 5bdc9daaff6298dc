package ledger

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"

	"yizhan/importer"
	"yizhan/internal/lang"
)

// CSV writes the answer as UTF-8 with a byte-order mark, so that a spreadsheet
// reads the Chinese; text that begins like a formula is quoted away.
func (a *Answer) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return lang.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	head := make([]string, len(a.Question.Columns))
	for i, c := range a.Question.Columns {
		head[i] = c.Name
	}
	if err := out.Write(head); err != nil {
		return lang.Errorf("write CSV: %w", err)
	}
	for _, row := range a.Rows {
		cells, err := Cells(a.Question, row)
		if err != nil {
			return err
		}
		for i, cell := range cells {
			cells[i] = importer.Harmless(cell)
		}
		if err := out.Write(cells); err != nil {
			return lang.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// Cells are the values of one row of an answer as text, in the order of the
// question's columns: strings bare, null empty, everything else as JSON has it.
func Cells(q *Question, row json.RawMessage) ([]string, error) {
	byName := map[string]json.RawMessage{}
	if err := json.Unmarshal(row, &byName); err != nil {
		return nil, lang.Errorf("answer to %s: %w", q.Name, err)
	}
	cells := make([]string, len(q.Columns))
	for i, c := range q.Columns {
		raw := bytes.TrimSpace(byName[c.Name])
		switch {
		case len(raw) == 0 || string(raw) == "null":
		case raw[0] == '"':
			if err := json.Unmarshal(raw, &cells[i]); err != nil {
				return nil, lang.Errorf("answer to %s: column %s: %w", q.Name, c.Name, err)
			}
		default:
			cells[i] = string(raw)
		}
	}
	return cells, nil
}
