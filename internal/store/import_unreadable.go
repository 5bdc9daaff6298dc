package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
func (i *importing) rejectUnreadable(ctx context.Context) error {
	for n, c := range i.target.columns {
		if !i.report.Present[n] || c.stagedType() == c.declared || c.base == "numeric" {
			continue
		}
		err := pgx.BeginFunc(ctx, i.tx, func(savepoint pgx.Tx) error {
			_, err := savepoint.Exec(ctx, i.columnStatement("queries/import_readable.sql", n))
			return err
		})
		var answer *pgconn.PgError
		switch {
		case err == nil:
		case !errors.As(err, &answer) || answer.Code[:2] != "22" && answer.Code[:2] != "23":
			return err
		default:
			if err := i.rejectUnreadableIn(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// rejectUnreadableIn takes out the rows of one column.
func (i *importing) rejectUnreadableIn(ctx context.Context, n int) error {
	rows, err := i.tx.Query(ctx, i.columnStatement("queries/import_unreadable.sql", n), i.target.columns[n].declared)
	if err != nil {
		return err
	}
	declared := i.target.columns[n].declared
	var positions []int64
	var one importer.Rejection
	var key, text *string
	_, err = pgx.ForEachRow(rows, []any{&one.Position, &one.Offset, &key, &text}, func() error {
		positions = append(positions, one.Position)
		said := importer.Rejection{Position: one.Position, Offset: one.Offset, Field: i.target.Columns[n].Name, Reason: record.WrongType,
			Detail: lang.Label{ZH: "应为：" + declared, EN: "wanted: a value of type " + declared}}
		if key != nil {
			said.Key = *key
		}
		if text != nil {
			said.Value = importer.Clip(*text)
		}
		i.report.Reject(said)
		return nil
	})
	if err != nil || len(positions) == 0 {
		return err
	}
	_, err = i.tx.Exec(ctx, i.target.statement("queries/import_reject.sql", i.staging, nil), positions)
	return err
}

// columnStatement fills in the names of a statement on one staged column.
func (i *importing) columnStatement(file string, n int) string {
	key := "null"
	for at, c := range i.target.Columns {
		if c.Name == i.target.Layer.KeyColumn {
			key = fmt.Sprintf("c%d", at)
		}
	}
	return strings.NewReplacer(temporaryStaging, i.staging, "staged_text", fmt.Sprintf("c%d", n), "staged_key", key,
		"declared_type", i.target.columns[n].declared).Replace(sql.Text(file))
}
