package store

import (
	"context"
	"fmt"
	"strings"

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
		one.Detail = geo.Label{ZH: fmt.Sprintf("编号与第 %d 个要素相同", first), EN: fmt.Sprintf("same key as feature %d", first)}
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
			one.Detail = shapeFault(*why)
		}
		i.report.Reject(one)
		return nil
	})
	return i.remove(ctx, positions, err)
}

// shapeFaults are what ST_IsValidReason says (GEOS, TopologyValidationError), in Chinese.
var shapeFaults = map[string]string{
	"Self-intersection":                    "边界自相交",
	"Ring Self-intersection":               "环自相接",
	"Hole lies outside shell":              "洞在外环之外",
	"Holes are nested":                     "洞中有洞",
	"Nested shells":                        "面与面重叠",
	"Interior is disconnected":             "内部不连通",
	"Duplicate Rings":                      "环重复",
	"Too few points in geometry component": "点数不足",
}

// shapeFault is what is wrong with a polygon and where, such as «Self-intersection[0.5 0.5]».
func shapeFault(why string) geo.Label {
	fault, place, _ := strings.Cut(strings.TrimSuffix(why, "]"), "[")
	said := geo.Label{ZH: fault, EN: fault}
	if zh, known := shapeFaults[fault]; known {
		said.ZH = zh
	}
	if place != "" {
		place = strings.Replace(place, " ", ", ", 1)
		said.ZH, said.EN = said.ZH+"，在 "+place, said.EN+" at "+place
	}
	return said
}

// remove takes rejected rows out of the staging table.
func (i *importing) remove(ctx context.Context, positions []int64, err error) error {
	if err != nil || len(positions) == 0 {
		return err
	}
	_, err = i.tx.Exec(ctx, sql.Text("queries/import_reject.sql"), positions)
	return err
}
