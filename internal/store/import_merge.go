package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/sql"
)

// rejectRepeated keeps the first row of each key.
func (i *importing) rejectRepeated(ctx context.Context) error {
	if i.target.Layer.KeyColumn == "" {
		return nil
	}
	rows, err := i.tx.Query(ctx, i.target.statement("queries/import_repeated.sql", i.all()))
	if err != nil {
		return err
	}
	var position, first int64
	var key string
	var positions []int64
	_, err = pgx.ForEachRow(rows, []any{&position, &key, &first}, func() error {
		positions = append(positions, position)
		i.reject(importer.Rejection{Position: position, Key: key, Field: i.target.Layer.KeyColumn,
			Reason: importer.DuplicateKey, Detail: fmt.Sprintf("as feature %d", first)})
		return nil
	})
	return i.remove(ctx, positions, err)
}

// rejectBroken takes out invalid polygons and what breaks the table's own rules.
func (i *importing) rejectBroken(ctx context.Context) error {
	if i.target.ruleCase() == "0" {
		return nil
	}
	rows, err := i.tx.Query(ctx, i.target.statement("queries/import_broken.sql", i.all()))
	if err != nil {
		return err
	}
	var position int64
	var key, why *string
	var number int
	var positions []int64
	_, err = pgx.ForEachRow(rows, []any{&position, &key, &number, &why}, func() error {
		positions = append(positions, position)
		one := importer.Rejection{Position: position, Reason: importer.InvalidShape}
		if number > 1 {
			one.Reason, one.Detail = importer.BreaksRule, i.target.rules[number-2].name
		}
		if key != nil {
			one.Key = *key
		}
		if why != nil {
			one.Detail = *why
		}
		i.reject(one)
		return nil
	})
	return i.remove(ctx, positions, err)
}

func (i *importing) reject(one importer.Rejection) {
	if i.target.Layer.Privacy == geo.Personal {
		one.Key, one.Value = "", ""
	}
	i.report.Reject(one)
}

func (i *importing) remove(ctx context.Context, positions []int64, err error) error {
	if err != nil || len(positions) == 0 {
		return err
	}
	_, err = i.tx.Exec(ctx, sql.Text("queries/import_reject.sql"), positions)
	return err
}

// merge writes what is new and what differs, and nothing else.
func (i *importing) merge(ctx context.Context) error {
	staged, empty, err := i.count(ctx)
	if err != nil {
		return err
	}
	if empty && staged >= rebuildFrom {
		done, err := i.load(ctx)
		if done || err != nil {
			return err
		}
	}
	if err := i.rejectRepeated(ctx); err != nil {
		return err
	}
	if staged, _, err = i.count(ctx); err != nil {
		return err
	}
	insert := "queries/import_insert.sql"
	switch {
	case i.target.Layer.KeyColumn == "":
		insert = "queries/import_insert_new.sql"
	case empty:
		insert = "queries/import_insert_all.sql"
	default:
		if i.report.Updated, err = i.write(ctx, i.tx, "queries/import_update.sql"); err != nil {
			return err
		}
	}
	i.report.Inserted, err = i.write(ctx, i.tx, insert)
	i.report.Unchanged = staged - i.report.Inserted - i.report.Updated
	return err
}

// count tells how many rows are staged, and whether the layer has none.
func (i *importing) count(ctx context.Context) (staged int64, empty bool, err error) {
	err = i.tx.QueryRow(ctx, i.target.statement("queries/import_count.sql", i.all())).Scan(&staged, &empty)
	return staged, empty, err
}

// write runs a statement on the columns that the file has and counts its rows.
func (i *importing) write(ctx context.Context, tx pgx.Tx, file string) (int64, error) {
	tag, err := tx.Exec(ctx, i.target.statement(file, i.report.Present))
	return tag.RowsAffected(), err
}

// load fills an empty layer without looking for repeated keys first: building the
// unique index finds them. Then it reports not done, and nothing has changed.
func (i *importing) load(ctx context.Context) (done bool, err error) {
	insert := "queries/import_insert_all.sql"
	if i.target.Layer.KeyColumn == "" {
		insert = "queries/import_insert_new.sql"
	}
	staged, _, err := i.count(ctx)
	if err != nil {
		return false, err
	}
	err = pgx.BeginFunc(ctx, i.tx, func(tx pgx.Tx) error {
		return i.withoutIndexes(ctx, tx, func() error {
			var err error
			i.report.Inserted, err = i.write(ctx, tx, insert)
			return err
		})
	})
	var answer *pgconn.PgError
	if errors.As(err, &answer) && answer.Code == uniqueViolation {
		i.report.Inserted = 0
		return false, nil
	}
	i.report.Unchanged = staged - i.report.Inserted
	return true, err
}

// uniqueViolation is PostgreSQL's unique_violation (appendix A).
const uniqueViolation = "23505"

// withoutIndexes loads an empty table and builds its indexes afterwards, which is
// several times faster than keeping them up row by row. Other sessions wait.
func (i *importing) withoutIndexes(ctx context.Context, tx pgx.Tx, load func() error) error {
	rows, err := tx.Query(ctx, sql.Text("queries/import_indexes.sql"), i.target.relation)
	if err != nil {
		return err
	}
	type index struct{ schema, name, definition string }
	indexes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (index, error) {
		var x index
		return x, row.Scan(&x.schema, &x.name, &x.definition)
	})
	if err != nil {
		return err
	}
	for _, x := range indexes {
		drop := strings.Replace(sql.Text("queries/import_drop_index.sql"), "city.index", quote(x.schema, x.name), 1)
		if _, err := tx.Exec(ctx, drop); err != nil {
			return err
		}
	}
	if err := load(); err != nil {
		return err
	}
	for _, x := range indexes {
		if _, err := tx.Exec(ctx, x.definition); err != nil {
			return err
		}
	}
	return nil
}
