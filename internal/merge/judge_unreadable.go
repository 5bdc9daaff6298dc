package merge

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/importer"
	"yizhan/importer/record"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// rejectUnreadable takes out rows with values of types that the ledger alone reads
// (uuid, jsonb, arrays, …) and does not take. All values of a column are tried at
// once, and one by one only when that fails.
func (j *judging) rejectUnreadable(ctx context.Context) error {
	for n, c := range j.target.columns {
		if !j.report.Present[n] || c.stagedType() == c.declared || c.base == "numeric" {
			continue
		}
		err := pgx.BeginFunc(ctx, j.tx, func(savepoint pgx.Tx) error {
			_, err := savepoint.Exec(ctx, j.columnStatement("queries/import_readable.sql", n))
			return err
		})
		var answer *pgconn.PgError
		switch {
		case err == nil:
		case !errors.As(err, &answer) || answer.Code[:2] != "22" && answer.Code[:2] != "23":
			return err
		default:
			if err := j.rejectUnreadableIn(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// rejectUnreadableIn takes out the rows of one column.
func (j *judging) rejectUnreadableIn(ctx context.Context, n int) error {
	rows, err := j.tx.Query(ctx, j.columnStatement("queries/import_unreadable.sql", n), j.target.columns[n].declared)
	if err != nil {
		return err
	}
	declared := j.target.columns[n].declared
	var positions []int64
	var one importer.Rejection
	var key, text *string
	_, err = pgx.ForEachRow(rows, []any{&one.Position, &one.Offset, &key, &text}, func() error {
		positions = append(positions, one.Position)
		said := importer.Rejection{Position: one.Position, Offset: one.Offset, Field: j.target.Columns[n].Name,
			Reason: record.WrongType,
			Detail: lang.Bothf("must be of type %s", declared)}
		if key != nil {
			said.Key = *key
		}
		if text != nil {
			said.Value = importer.Clip(*text)
		}
		j.report.Reject(said)
		return nil
	})
	if err != nil || len(positions) == 0 {
		return err
	}
	_, err = j.tx.Exec(ctx, j.statement("queries/import_reject.sql"), positions)
	return err
}

// columnStatement is that of a file about one staged column.
func (j *judging) columnStatement(file string, n int) string {
	column := sql.Words{"staged_text": fmt.Sprintf("c%d", n), "declared_type": j.target.columns[n].declared}
	return sql.Statement(file, nil, column, j.words(view{}))
}
