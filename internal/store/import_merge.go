package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/sql"
)

// merge writes what is new and what differs, and nothing else. A key that comes
// twice in the file counts once.
func (i *importing) merge(ctx context.Context) error {
	staged, empty, err := i.count(ctx)
	if err != nil {
		return err
	}
	if empty && staged >= rebuildFrom && i.target.Layer.KeyColumn != "" {
		if loaded, err := i.fill(ctx); loaded || err != nil {
			return err
		}
	}
	if i.target.Layer.KeyColumn == "" {
		i.report.Inserted, err = i.write(ctx, "queries/import_insert_new.sql")
		i.report.Unchanged = staged - i.report.Inserted
		return err
	}
	if err := i.rejectRepeated(ctx); err != nil {
		return err
	}
	if staged, _, err = i.count(ctx); err != nil {
		return err
	}
	if !empty {
		if i.report.Updated, err = i.write(ctx, "queries/import_update.sql"); err != nil {
			return err
		}
	}
	i.report.Inserted, err = i.write(ctx, "queries/import_insert.sql")
	i.report.Unchanged = staged - i.report.Inserted - i.report.Updated
	return err
}

// count says how many rows are staged, and whether the layer has none.
func (i *importing) count(ctx context.Context) (staged int64, empty bool, err error) {
	err = i.tx.QueryRow(ctx, i.target.statement("queries/import_count.sql", i.all())).Scan(&staged, &empty)
	return staged, empty, err
}

// write runs a merging statement on the columns that the file has.
func (i *importing) write(ctx context.Context, file string) (int64, error) {
	tag, err := i.tx.Exec(ctx, i.target.statement(file, i.report.Present))
	return tag.RowsAffected(), err
}

// fill loads an empty layer as a whole and builds its indexes afterwards, which is
// several times faster than keeping them up row by row; other sessions wait for it.
// It does not look for keys that repeat: where the unique index finds one, or
// somebody was quicker, all is as before and loaded is false.
func (i *importing) fill(ctx context.Context) (loaded bool, err error) {
	var inserted int64
	err = pgx.BeginFunc(ctx, i.tx, func(savepoint pgx.Tx) error {
		if _, err := savepoint.Exec(ctx, i.target.statement("queries/import_lock_table.sql", i.all())); err != nil {
			return err
		}
		if _, empty, err := i.count(ctx); err != nil || !empty {
			return errors.Join(err, errNotEmpty)
		}
		rebuild, err := i.dropIndexes(ctx)
		if err != nil {
			return err
		}
		if inserted, err = i.write(ctx, "queries/import_insert_all.sql"); err != nil {
			return err
		}
		for _, definition := range rebuild {
			if _, err := savepoint.Exec(ctx, definition); err != nil {
				return err
			}
		}
		return nil
	})
	var answer *pgconn.PgError
	if errors.Is(err, errNotEmpty) || errors.As(err, &answer) && answer.Code == "23505" {
		return false, nil
	}
	i.report.Inserted = inserted
	return err == nil, err
}

// errNotEmpty: somebody added rows to a layer that had none.
var errNotEmpty = errors.New("the layer is not empty")

// dropIndexes takes the indexes away that can be built anew, and returns how. The
// empty table gets a new file where that spares the write-ahead log.
func (i *importing) dropIndexes(ctx context.Context) (rebuild []string, err error) {
	rows, err := i.tx.Query(ctx, sql.Text("queries/import_indexes.sql"), i.target.relation)
	if err != nil {
		return nil, err
	}
	var schema, name, definition string
	var drop []string
	_, err = pgx.ForEachRow(rows, []any{&schema, &name, &definition}, func() error {
		rebuild = append(rebuild, definition)
		drop = append(drop, strings.Replace(sql.Text("queries/import_drop_index.sql"), "city.index", quote(schema, name), 1))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, statement := range drop {
		if _, err := i.tx.Exec(ctx, statement); err != nil {
			return nil, err
		}
	}
	var truncatable bool
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_truncatable.sql"), i.target.relation).Scan(&truncatable); err != nil || !truncatable {
		return rebuild, err
	}
	_, err = i.tx.Exec(ctx, i.target.statement("queries/import_truncate.sql", i.all()))
	return rebuild, err
}
