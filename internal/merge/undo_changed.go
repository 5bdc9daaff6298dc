package merge

import (
	"context"
	"fmt"
	"strconv"
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

func (c *ChangedSince) Error() string { return c.In(lang.English) }

// In says it in a language, without the rows.
func (c *ChangedSince) In(t lang.Tag) string {
	return t.Sayf("%d of the rows of batch %d (layer %q) were changed after it, so nothing was undone; "+
		"forced, the undo reverses those changes too", c.Total, c.Batch, c.Layer)
}

// Unwrap makes it an ErrConflict.
func (c *ChangedSince) Unwrap() error { return geo.ErrConflict }

// Text lists the first rows as a planner reads it.
func (c *ChangedSince) Text(t lang.Tag, limit int) string {
	var b strings.Builder
	line := func(text string) { fmt.Fprintln(&b, visible.Line(text)) }
	line(t.Sayf("Nothing was undone: features of batch %d (layer %q) that were changed after it: %d", c.Batch, c.Layer,
		c.Total))
	for _, r := range c.Rows[:min(limit, len(c.Rows))] {
		name := strconv.FormatInt(r.ID, 10)
		if r.Key != "" {
			name += " " + r.Key
		}
		at := r.At.Format(time.DateTime)
		if r.Batch != 0 {
			line(t.Sayf("  %s: %s by %s at %s (batch %d)", name, opTitle(r.Op), r.Actor, at, r.Batch))
			continue
		}
		line(t.Sayf("  %s: %s by %s at %s", name, opTitle(r.Op), r.Actor, at))
	}
	if rest := c.Total - int64(min(limit, len(c.Rows))); rest > 0 {
		line(t.Sayf("  and %d more", rest))
	}
	line(t.Sayf("To undo these changes as well: yizhan undo %d --force", c.Batch))
	return b.String()
}

// opTitle is what happened to a row, in one word.
func opTitle(op string) lang.Label {
	switch op {
	case "insert":
		return lang.Bothf("inserted")
	case "update":
		return lang.Bothf("updated")
	case "delete":
		return lang.Bothf("deleted")
	}
	return lang.Bothf("emptied")
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
	rows, err := u.tx.Query(ctx, u.statement("queries/undo_changed.sql"), u.batch.ID, string(u.layer.Name), key,
		changedListed)
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
