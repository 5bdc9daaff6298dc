package ledger

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// ModeUndo is the mode of a batch that took another back.
const ModeUndo = "undo"

// defaultBatches is how many batches are listed when nobody says.
const defaultBatches = 100

// Batch is one import as the ledger has it, or the undo of one.
type Batch struct {
	ID       int64         `json:"id"`
	Layer    geo.LayerName `json:"layer"`
	Source   string        `json:"source"` // name of the file; of an undo «batch N: » and the file
	SHA256   string        `json:"sha256"` // of the file, hexadecimal; "" for an undo
	Mode     string        `json:"mode"`   // merge, replace, append or undo
	Actor    string        `json:"actor"`
	Started  time.Time     `json:"started"`
	Finished time.Time     `json:"finished"`
	// features of the file; of an undo, rows that the batch undone had touched
	Read           int64    `json:"read"`
	Inserted       int64    `json:"inserted"`
	Updated        int64    `json:"updated"`
	Unchanged      int64    `json:"unchanged"`
	Deleted        int64    `json:"deleted"`
	Rejected       int64    `json:"rejected"`
	Repaired       int64    `json:"repaired"`
	Format         string   `json:"format,omitempty"`
	CRS            string   `json:"crs,omitempty"`
	Transformation string   `json:"transformation,omitempty"`
	Accuracy       *float64 `json:"accuracy,omitempty"` // metres; nil where nobody states one
	Undoes         int64    `json:"undoes,omitempty"`   // the batch that this one undid
	// the batch that undid this one, unless that was undone in turn
	UndoneBy int64 `json:"undone_by,omitempty"`
}

// BatchFilter says which batches are meant.
type BatchFilter struct {
	Layer  geo.LayerName // "": all
	Limit  int           // at most so many; 0: 100
	Before int64         // only batches with smaller numbers; 0: from the newest
}

// Batches lists the imports and undos, newest first.
func (l *Ledger) Batches(ctx context.Context, f BatchFilter) ([]Batch, error) {
	if f.Limit < 0 || f.Before < 0 {
		return nil, lang.Errorf("list of imports: limit %d and before %d must not be negative: %w", f.Limit, f.Before,
			geo.ErrInvalid)
	}
	if f.Limit == 0 {
		f.Limit = defaultBatches
	}
	return pg.Prompt(ctx, func(ctx context.Context) ([]Batch, error) { return readBatches(ctx, l.db.Owner, f, 0) })
}

// Batch returns one import or undo, or ErrNotFound.
func (l *Ledger) Batch(ctx context.Context, id int64) (Batch, error) {
	return pg.Prompt(ctx, func(ctx context.Context) (Batch, error) { return ReadBatch(ctx, l.db.Owner, id) })
}

// ReadBatch returns one import or undo through any connection, or ErrNotFound.
func ReadBatch(ctx context.Context, q pg.Querier, id int64) (Batch, error) {
	if id > 0 {
		list, err := readBatches(ctx, q, BatchFilter{Limit: 1}, id)
		if err != nil {
			return Batch{}, err
		}
		if len(list) == 1 {
			return list[0], nil
		}
	}
	return Batch{}, lang.Errorf("batch %d not found; \"yizhan imports\" lists all batches: %w", id, geo.ErrNotFound)
}

// readBatches reads one batch where id is not 0, else those of the filter.
func readBatches(ctx context.Context, q pg.Querier, f BatchFilter, id int64) ([]Batch, error) {
	rows, err := q.Query(ctx, sql.Text("queries/batches.sql"), string(f.Layer), f.Before, id, f.Limit)
	if err != nil {
		return nil, pg.Describe(lang.Errorf("list imports: %w", err))
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Batch, error) {
		var b Batch
		return b, row.Scan(&b.ID, &b.Layer, &b.Source, &b.SHA256, &b.Mode, &b.Actor, &b.Started, &b.Finished,
			&b.Read, &b.Inserted, &b.Updated, &b.Unchanged, &b.Deleted, &b.Rejected, &b.Repaired,
			&b.Format, &b.CRS, &b.Transformation, &b.Accuracy, &b.Undoes, &b.UndoneBy)
	})
	if err != nil {
		return nil, pg.Describe(lang.Errorf("list imports: %w", err))
	}
	return list, nil
}
