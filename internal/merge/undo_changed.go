package merge

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/visible"
)

// changedListed is how many rows an undo that is refused names.
const changedListed = 1000

// ChangedRow is a row that somebody changed after a batch, with the last change.
type ChangedRow struct {
	ID    int64     `json:"id"`
	Key   string    `json:"key,omitempty"` // as text; "" in a personal layer
	Actor string    `json:"actor"`
	At    time.Time `json:"at"`
	Op    string    `json:"op"`              // insert, update, delete or truncate
	Batch int64     `json:"batch,omitempty"` // the import or undo that did it
}

// ChangedSince is the ErrConflict of an undo whose rows were changed after the batch.
type ChangedSince struct {
	Batch int64         `json:"batch"`
	Layer geo.LayerName `json:"layer"`
	Total int64         `json:"total"`
	Rows  []ChangedRow  `json:"rows"` // the first 1,000, by id
}

func (c *ChangedSince) Error() string {
	return fmt.Sprintf("%d of the rows of batch %d (layer %q) were changed after it, so nothing was undone; forced, it takes those back too", c.Total, c.Batch, c.Layer)
}

// Unwrap makes it an ErrConflict.
func (c *ChangedSince) Unwrap() error { return geo.ErrConflict }

// Text lists the first rows as a planner reads it, in Chinese ("zh") or English.
func (c *ChangedSince) Text(language string, limit int) string {
	var b strings.Builder
	say := func(zh, en string, values ...any) {
		if language != "zh" {
			zh = en
		}
		fmt.Fprintln(&b, visible.Line(fmt.Sprintf(zh, values...)))
	}
	say("批次 %d（图层 %s）导入之后，有 %d 个要素又被修改，因此没有撤销：",
		"Nothing was undone: after batch %d (layer %s), features were changed again, %d of them:", c.Batch, c.Layer, c.Total)
	for _, r := range c.Rows[:min(limit, len(c.Rows))] {
		name := fmt.Sprint(r.ID)
		if r.Key != "" {
			name += " " + r.Key
		}
		at := r.At.Format("2006-01-02 15:04:05")
		if r.Batch != 0 {
			say("  %s：%s 于 %s %s（批次 %d）", "  %s: %s at %s, %s (batch %d)", name, r.Actor, at, opTitle(language, r.Op), r.Batch)
			continue
		}
		say("  %s：%s 于 %s %s", "  %s: %s at %s, %s", name, r.Actor, at, opTitle(language, r.Op))
	}
	if rest := c.Total - int64(min(limit, len(c.Rows))); rest > 0 {
		say("  另有 %d 个", "  and %d more", rest)
	}
	say("加上 --force，可以连同这些修改一起撤销：yizhan undo %d --force", "To take these back as well: yizhan undo %d --force", c.Batch)
	return b.String()
}

// opTitle is what happened to a row, in one word.
func opTitle(language, op string) string {
	title := map[string]lang.Label{
		"insert": {ZH: "新增", EN: "inserted"}, "update": {ZH: "修改", EN: "updated"},
		"delete": {ZH: "删除", EN: "deleted"}, "truncate": {ZH: "清空", EN: "emptied"},
	}[op]
	if language == "zh" {
		return title.ZH
	}
	return title.EN
}

// refuseChanged refuses when somebody changed rows of the batch after it.
func (u *undoing) refuseChanged(ctx context.Context) error {
	if u.options.Force {
		return nil
	}
	key := u.layer.KeyColumn
	if u.layer.Privacy == geo.Personal {
		key = ""
	}
	rows, err := u.tx.Query(ctx, u.statement("queries/undo_changed.sql"), u.batch.ID, string(u.layer.Name), key, changedListed)
	if err != nil {
		return err
	}
	changed := &ChangedSince{Batch: u.batch.ID, Layer: u.layer.Name}
	changed.Rows, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (ChangedRow, error) {
		var r ChangedRow
		return r, row.Scan(&r.ID, &r.Key, &r.Actor, &r.At, &r.Op, &r.Batch, &changed.Total)
	})
	if err != nil || changed.Total == 0 {
		return err
	}
	return changed
}
