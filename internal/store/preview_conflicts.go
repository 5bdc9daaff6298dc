package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// Overtaken is the ErrConflict of a preview that is no longer what would happen,
// because somebody changed rows that it touches.
type Overtaken struct {
	Import int64         `json:"import"`
	Layer  geo.LayerName `json:"layer"`
	Total  int64         `json:"total"`
	Rows   []ChangedRow  `json:"rows"` // the first 1,000, by id
}

func (o *Overtaken) Error() string {
	return fmt.Sprintf("layer %q has been changed since the preview in %s, so what was previewed is no longer what would happen; upload the file again",
		o.Layer, o.rows("en"))
}

// Unwrap makes it an ErrConflict.
func (o *Overtaken) Unwrap() error { return geo.ErrConflict }

// Label says it in both languages, without the rows of others.
func (o *Overtaken) Label() lang.Label {
	return lang.Label{
		ZH: fmt.Sprintf("预览之后，图层 %s 中与本次导入有关的要素已被修改：%s。预览结果不再有效，请重新上传文件", o.Layer, o.rows("zh")),
		EN: o.Error(),
	}
}

// rows names the first of the rows, and how many there are.
func (o *Overtaken) rows(language string) string {
	first := o.Rows[0]
	name := fmt.Sprint(first.ID)
	if first.Key != "" {
		name = first.Key
	}
	at := first.At.Format("2006-01-02 15:04:05")
	if language == "zh" {
		return fmt.Sprintf("共 %d 个，如 %s（%s 于 %s %s）", o.Total, name, first.Actor, at, opTitle(language, first.Op))
	}
	said := fmt.Sprintf("%s (%s by %s at %s)", name, opTitle(language, first.Op), first.Actor, at)
	if o.Total == 1 {
		return "row " + said
	}
	return fmt.Sprintf("%d of the rows that it touches, such as %s", o.Total, said)
}

// refuseOvertaken refuses when rows were written since the preview of which it
// depends: rows of the same key, rows that replacing would take out, points in the
// place of new ones. What else was written leaves what was previewed as it was.
func (i *importing) refuseOvertaken(ctx context.Context, id int64, seen string) error {
	changed, err := i.tx.Exec(ctx, sql.Text("queries/preview_changed.sql"), string(i.target.Layer.Name), seen)
	if err != nil || changed.RowsAffected() == 0 {
		return err
	}
	if _, err := i.tx.Exec(ctx, sql.Text("queries/preview_met.sql")); err != nil {
		return err
	}
	if _, err := i.tx.Exec(ctx, i.asideStatement("queries/preview_versions.sql")); err != nil {
		return err
	}
	if err := i.meet(ctx); err != nil {
		return err
	}
	rows, err := i.tx.Query(ctx, sql.Text("queries/preview_met_list.sql"), changedListed)
	if err != nil {
		return err
	}
	overtaken := &Overtaken{Import: id, Layer: i.target.Layer.Name}
	overtaken.Rows, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (ChangedRow, error) {
		var r ChangedRow
		err := row.Scan(&r.ID, &r.Key, &r.Actor, &r.At, &r.Op, &r.Batch, &overtaken.Total)
		if i.personal() {
			r.Key = ""
		}
		return r, err
	})
	if err != nil || overtaken.Total == 0 {
		return err
	}
	return overtaken
}

// meet gathers the rows that were written since and on which the preview depends.
func (i *importing) meet(ctx context.Context) error {
	l := i.target.Layer
	keyed, replacing := l.KeyColumn != "", i.options.mode() == Replace
	type step struct {
		file string
		args []any
	}
	steps := []step{{"queries/preview_met_unknown.sql", nil}}
	switch {
	case !keyed && i.options.mode() == Append:
		return nil // whatever the layer has, all rows are added
	case !keyed && replacing:
		steps = append(steps, step{"queries/preview_met_any.sql", nil})
	case !keyed:
		steps = append(steps, step{"queries/preview_met_by_row.sql", nil})
	default:
		steps = append(steps, step{"queries/preview_met_by_key.sql", []any{replacing, i.refusedKeys()}})
		if l.Spacing > 0 && l.Kind == geo.Point && !replacing {
			steps = append(steps, step{"queries/preview_met_index.sql", nil}, step{"queries/preview_met_near.sql", []any{l.Spacing}})
		}
	}
	for _, one := range steps {
		if _, err := i.tx.Exec(ctx, i.asideStatement(one.file), one.args...); err != nil {
			return err
		}
	}
	return nil
}
