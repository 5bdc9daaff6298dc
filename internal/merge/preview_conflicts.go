package merge

import (
	"context"
	"strconv"
	"time"

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

func (o *Overtaken) Error() string { return o.In(lang.English) }

// Unwrap makes it an ErrConflict.
func (o *Overtaken) Unwrap() error { return geo.ErrConflict }

// In says it in a language. It names the first of the rows, and how many there are.
func (o *Overtaken) In(t lang.Tag) string {
	first := o.Rows[0]
	key := first.Key
	if key == "" {
		key = strconv.FormatInt(first.ID, 10)
	}
	at := first.At.Format(time.DateTime)
	if o.Total == 1 {
		return t.Sayf("layer %q has changed since the preview: row %s (%s by %s at %s); upload the file again",
			o.Layer, key, opTitle(first.Op), first.Actor, at)
	}
	return t.Sayf(
		"layer %q has changed since the preview: %d of the rows that it touches, such as row %s (%s by %s at %s); "+
			"upload the file again", o.Layer, o.Total, key, opTitle(first.Op), first.Actor, at)
}

// overtaking looks for what was written since a preview and on which it depends.
type overtaking struct{ settled }

// refuse refuses when rows were written since the preview of which it
// depends: rows of the same key, rows that replacing would take out, points in the
// place of new ones. What else was written leaves what was previewed as it was.
func (o *overtaking) refuse(ctx context.Context, p waiting) error {
	changed, err := o.tx.Exec(ctx, sql.Text("queries/preview_changed.sql"), string(o.target.Layer.Name), p.seen)
	if err != nil || changed.RowsAffected() == 0 {
		return err
	}
	if _, err := o.tx.Exec(ctx, sql.Text("queries/preview_met.sql")); err != nil {
		return err
	}
	if _, err := o.tx.Exec(ctx, o.statement("queries/preview_versions.sql")); err != nil {
		return err
	}
	if err := o.meet(ctx); err != nil {
		return err
	}
	rows, err := o.tx.Query(ctx, sql.Text("queries/preview_met_list.sql"), changedListed)
	if err != nil {
		return err
	}
	overtaken := &Overtaken{Import: p.ID, Layer: o.target.Layer.Name}
	overtaken.Rows, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (ChangedRow, error) {
		var r ChangedRow
		err := row.Scan(&r.ID, &r.Key, &r.Actor, &r.At, &r.Op, &r.Batch, &overtaken.Total)
		if o.personal() {
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
func (o *overtaking) meet(ctx context.Context) error {
	l := o.target.Layer
	keyed, replacing := l.KeyColumn != "", o.order.mode() == Replace
	type step struct {
		file string
		args []any
	}
	steps := []step{{"queries/preview_met_unknown.sql", nil}}
	switch {
	case !keyed && o.order.mode() == Append:
		return nil // whatever the layer has, all rows are added
	case !keyed && replacing:
		steps = append(steps, step{"queries/preview_met_any.sql", nil})
	case !keyed:
		steps = append(steps, step{"queries/preview_met_by_row.sql", nil})
	default:
		steps = append(steps, step{"queries/preview_met_by_key.sql", []any{replacing, o.refusedKeys()}})
		if l.Spacing > 0 && l.Kind == geo.Point && !replacing {
			steps = append(steps, step{"queries/preview_met_index.sql", nil},
				step{"queries/preview_met_near.sql", []any{l.Spacing}})
		}
	}
	for _, one := range steps {
		if _, err := o.tx.Exec(ctx, o.statementOf(one.file, o.view()), one.args...); err != nil {
			return err
		}
	}
	return nil
}
