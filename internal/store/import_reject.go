package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/sql"
)

// rejectRepeated keeps the first row of each key.
func (i *importing) rejectRepeated(ctx context.Context) error {
	rows, err := i.tx.Query(ctx, i.target.statement("queries/import_repeated.sql", i.all()))
	if err != nil {
		return err
	}
	one := importer.Rejection{Field: i.target.Layer.KeyColumn, Reason: importer.DuplicateKey}
	var first int64
	var positions []int64
	_, err = pgx.ForEachRow(rows, []any{&one.Position, &one.Offset, &one.Key, &first}, func() error {
		positions = append(positions, one.Position)
		one.Detail = geo.Label{ZH: fmt.Sprintf("与第 %d 个要素相同", first), EN: fmt.Sprintf("same as feature %d", first)}
		i.report.Reject(one)
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
	var position, offset int64
	var key, why *string
	var number int
	var positions []int64
	_, err = pgx.ForEachRow(rows, []any{&position, &offset, &key, &number, &why}, func() error {
		positions = append(positions, position)
		one := importer.Rejection{Position: position, Offset: offset, Reason: importer.InvalidShape}
		if number > 1 {
			broken := i.target.rules[number-2]
			one.Reason, one.Detail = importer.BreaksRule, geo.Label{ZH: broken.name + "：" + broken.expression, EN: broken.name + ": " + broken.expression}
		}
		if key != nil {
			one.Key = *key
		}
		if why != nil {
			one.Detail = geo.Label{ZH: *why, EN: *why}
		}
		i.report.Reject(one)
		return nil
	})
	return i.remove(ctx, positions, err)
}

// remove takes rejected rows out of the staging table.
func (i *importing) remove(ctx context.Context, positions []int64, err error) error {
	if err != nil || len(positions) == 0 {
		return err
	}
	_, err = i.tx.Exec(ctx, sql.Text("queries/import_reject.sql"), positions)
	return err
}
