package merge

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// judging is the stage that takes rows out of the staging table that the layer cannot take.
type judging struct {
	settled
	placed *placed
}

func (j *judging) judge(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		j.rejectUnreadable, j.project, j.repair, j.rejectBroken, j.rejectRepeated, j.rejectTaken, j.rejectNear,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// each runs a statement that returns rows of the staging table: position, offset,
// key as text, and what further says.
func (j *judging) each(ctx context.Context, file string, args, further []any, take func(importer.Rejection)) error {
	rows, err := j.tx.Query(ctx, j.statementOf(file, j.view()), args...)
	if err != nil {
		return err
	}
	var one importer.Rejection
	var key *string
	_, err = pgx.ForEachRow(rows, append([]any{&one.Position, &one.Offset, &key}, further...), func() error {
		one.Key = ""
		if key != nil {
			one.Key = *key
		}
		take(one)
		return nil
	})
	return err
}

// reject takes the rows that a statement returns out of the staging table.
func (j *judging) reject(ctx context.Context, file string, args, further []any, judge func(*importer.Rejection)) error {
	var positions []int64
	err := j.each(ctx, file, args, further, func(one importer.Rejection) {
		positions = append(positions, one.Position)
		judge(&one)
		j.report.Reject(one)
	})
	if err != nil || len(positions) == 0 {
		return err
	}
	if err := j.setAside(ctx, file, positions); err != nil {
		return err
	}
	_, err = j.tx.Exec(ctx, j.statement("queries/import_reject.sql"), positions)
	return err
}

// rejectRepeated keeps the first row of each key.
func (j *judging) rejectRepeated(ctx context.Context) error {
	if j.target.Layer.KeyColumn == "" {
		return nil
	}
	var first int64
	return j.reject(ctx, "queries/import_repeated.sql", nil, []any{&first}, func(one *importer.Rejection) {
		one.Field, one.Reason = j.target.Layer.KeyColumn, record.DuplicateKey
		was := j.report.Ordinal(first)
		one.Detail = lang.Bothf("same key as %s", was)
	})
}

// rejectBroken takes out invalid polygons and what breaks the table's own rules.
func (j *judging) rejectBroken(ctx context.Context) error {
	if j.target.ruleCase(j.certain) == "0" {
		return nil
	}
	var number int
	var why *string
	return j.reject(ctx, "queries/import_broken.sql", nil, []any{&number, &why}, func(one *importer.Rejection) {
		one.Reason = record.InvalidShape
		if number > 1 {
			broken := j.target.rules[number-2]
			one.Reason, one.Detail = record.BreaksRule, lang.Bothf("%s: %s", broken.name, broken.expression)
		}
		if why != nil {
			one.Detail = shapeFault(*why)
		}
	})
}

// rejectOutside takes out rows that lie outside the city.
func (j *judging) rejectOutside(ctx context.Context) error {
	city := j.target.City
	if city == nil {
		return nil
	}
	var lon, lat float64
	return j.reject(ctx, "queries/import_outside.sql", []any{city.West, city.South, city.East, city.North},
		[]any{&lon, &lat}, func(one *importer.Rejection) {
			one.Reason, one.Value = record.OutsideCity, fmt.Sprintf("%.6f, %.6f", lon, lat)
		})
}

// rejectTaken takes out rows that the layer has, where rows may only be added.
func (j *judging) rejectTaken(ctx context.Context) error {
	if j.order.mode() != Append || j.target.Layer.KeyColumn == "" {
		return nil
	}
	return j.reject(ctx, importTaken, nil, nil, func(one *importer.Rejection) {
		one.Field, one.Reason = j.target.Layer.KeyColumn, record.KeyTaken
	})
}

// rejectNear takes out new rows in the place of another of their kind in the layer.
func (j *judging) rejectNear(ctx context.Context) error {
	l := j.target.Layer
	if j.nothingNew || l.Spacing <= 0 || l.Kind != geo.Point || l.KeyColumn == "" || j.order.mode() == Replace {
		return nil
	}
	var other string
	var metres float64
	return j.reject(ctx, importNear, []any{l.Spacing}, []any{&other, &metres}, func(one *importer.Rejection) {
		one.Reason = record.NearDuplicate
		one.Detail = lang.Bothf("%.2f m from %s in the layer", metres, other)
	})
}
