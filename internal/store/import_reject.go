package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// each runs a statement that returns rows of the staging table: position, offset,
// key as text, and what further says.
func (i *importing) each(ctx context.Context, file string, args, further []any, take func(importer.Rejection)) error {
	rows, err := i.tx.Query(ctx, i.target.statement(file, i.staging, i.present()), args...)
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
func (i *importing) reject(ctx context.Context, file string, args, further []any, judge func(*importer.Rejection)) error {
	var positions []int64
	err := i.each(ctx, file, args, further, func(one importer.Rejection) {
		positions = append(positions, one.Position)
		judge(&one)
		i.report.Reject(one)
	})
	if err != nil || len(positions) == 0 {
		return err
	}
	if err := i.setAside(ctx, file, positions); err != nil {
		return err
	}
	_, err = i.tx.Exec(ctx, i.target.statement("queries/import_reject.sql", i.staging, nil), positions)
	return err
}

// rejectRepeated keeps the first row of each key.
func (i *importing) rejectRepeated(ctx context.Context) error {
	if i.target.Layer.KeyColumn == "" {
		return nil
	}
	var first int64
	return i.reject(ctx, "queries/import_repeated.sql", nil, []any{&first}, func(one *importer.Rejection) {
		one.Field, one.Reason = i.target.Layer.KeyColumn, record.DuplicateKey
		was := i.report.Ordinal(first)
		one.Detail = lang.Label{ZH: "编号与" + was.ZH + "相同", EN: "same key as " + was.EN}
	})
}

// rejectBroken takes out invalid polygons and what breaks the table's own rules.
func (i *importing) rejectBroken(ctx context.Context) error {
	if i.target.ruleCase() == "0" {
		return nil
	}
	var number int
	var why *string
	return i.reject(ctx, "queries/import_broken.sql", nil, []any{&number, &why}, func(one *importer.Rejection) {
		one.Reason = record.InvalidShape
		if number > 1 {
			broken := i.target.rules[number-2]
			one.Reason, one.Detail = record.BreaksRule, lang.Label{ZH: broken.name + "：" + broken.expression, EN: broken.name + ": " + broken.expression}
		}
		if why != nil {
			one.Detail = shapeFault(*why)
		}
	})
}

// rejectOutside takes out rows that lie outside the city.
func (i *importing) rejectOutside(ctx context.Context) error {
	city := i.target.City
	if city == nil {
		return nil
	}
	var lon, lat float64
	return i.reject(ctx, "queries/import_outside.sql", []any{city.West, city.South, city.East, city.North}, []any{&lon, &lat}, func(one *importer.Rejection) {
		one.Reason, one.Value = record.OutsideCity, fmt.Sprintf("%.6f, %.6f", lon, lat)
	})
}

// rejectTaken takes out rows that the layer has, where rows may only be added.
func (i *importing) rejectTaken(ctx context.Context) error {
	if i.options.mode() != Append || i.target.Layer.KeyColumn == "" {
		return nil
	}
	return i.reject(ctx, importTaken, nil, nil, func(one *importer.Rejection) {
		one.Field, one.Reason = i.target.Layer.KeyColumn, record.KeyTaken
	})
}

// rejectNear takes out new rows in the place of another of their kind in the layer.
func (i *importing) rejectNear(ctx context.Context) error {
	l := i.target.Layer
	if i.nothingNew || l.Spacing <= 0 || l.Kind != geo.Point || l.KeyColumn == "" || i.options.mode() == Replace {
		return nil
	}
	var other string
	var metres float64
	return i.reject(ctx, importNear, []any{l.Spacing}, []any{&other, &metres}, func(one *importer.Rejection) {
		one.Reason = record.NearDuplicate
		one.Detail = lang.Label{ZH: fmt.Sprintf("距图层中的 %s %.2f 米", other, metres), EN: fmt.Sprintf("%.2f m from %s of the layer", metres, other)}
	})
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
func shapeFault(why string) lang.Label {
	fault, place, _ := strings.Cut(strings.TrimSuffix(why, "]"), "[")
	said := lang.Label{ZH: fault, EN: fault}
	if zh, known := shapeFaults[fault]; known {
		said.ZH = zh
	}
	if place != "" {
		place = strings.Replace(place, " ", ", ", 1)
		said.ZH, said.EN = said.ZH+"，在 "+place, said.EN+" at "+place
	}
	return said
}
