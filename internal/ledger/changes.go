package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// Depth bounds a look into the journal: what lies beyond is not told apart.
type Depth struct {
	Entries int  // how many entries of the journal are looked at
	Boxes   int  // how many features of a layer
	Patient bool // an export waits for it: the ledger may take minutes, not two seconds
}

// Changed says what the journal has after a snapshot.
type Changed struct {
	Layers  []ChangedLayer // public ones, in order of name
	Catalog bool           // layers came, went or changed their description
	Far     bool           // so much changed that all may differ; Layers and Catalog do not say what
	Reached bool           // the journal goes back to the snapshot; else there may be more
}

// ChangedLayer is where one layer changed: the boxes of its features, as they were and
// as they are, or all of it.
type ChangedLayer struct {
	Name   geo.LayerName
	Whole  bool
	Ground []geo.Extent
}

// changedEntries is how much of a layer the journal has after a snapshot.
type changedEntries struct {
	layer   geo.LayerName
	entries int
	weight  int64 // bytes of their ids, packed
}

// Changed is what changed after a snapshot (pg_snapshot as text). The ground is told of
// the layers given, others are named whole. It runs as the public role, in one snapshot:
// what somebody removes from the journal meanwhile is missed by nobody.
func (l *Ledger) Changed(ctx context.Context, snapshot string, layers map[geo.LayerName]*index.Collection,
	d Depth) (c Changed, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, l.db.Changes, options, func(tx pgx.Tx) error {
		if d.Patient {
			if _, err := tx.Exec(ctx, sql.Text("queries/changes_patience.sql")); err != nil {
				return err
			}
		}
		if err := tx.QueryRow(ctx, sql.Text("queries/changes_reach.sql"), snapshot).Scan(&c.Reached); err != nil ||
			!c.Reached {
			return err
		}
		found, err := changedSince(ctx, tx, snapshot, d.Entries)
		if err != nil {
			return err
		}
		return c.tell(ctx, tx, snapshot, layers, found, d)
	})
	if tookTooLong(err) && ctx.Err() == nil {
		return Changed{Far: true, Reached: true}, nil
	}
	if err != nil {
		return c, pg.Describe(lang.Errorf("changes since %.60s: %w", snapshot, err))
	}
	return c, nil
}

// tookTooLong reports whether the ledger gave a statement up after its time.
func tookTooLong(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == "57014"
}

// changedSince is the cheap look at how much changed, of one entry more than wanted.
func changedSince(ctx context.Context, tx pgx.Tx, snapshot string, entries int) ([]changedEntries, error) {
	rows, err := tx.Query(ctx, sql.Text("queries/changes_since.sql"), snapshot, entries+1)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e changedEntries, err error) {
		err = row.Scan(&e.layer, &e.entries, &e.weight)
		return e, err
	})
}

// tell fills in what of the entries found is worth telling apart.
func (c *Changed) tell(ctx context.Context, tx pgx.Tx, snapshot string, layers map[geo.LayerName]*index.Collection,
	found []changedEntries, d Depth) error {
	entries := 0
	for _, e := range found {
		entries += e.entries
	}
	if entries > d.Entries {
		c.Far = true
		return nil
	}
	until := time.Now().Add(pg.ChangesTimeout)
	for _, e := range found {
		if e.layer == "" {
			c.Catalog = true
			continue
		}
		changed := ChangedLayer{Name: e.layer, Whole: true}
		const bytesOfID = 8 // and packed no more
		if l := layers[e.layer]; l != nil && e.weight <= int64(bytesOfID*d.Boxes) &&
			(d.Patient || time.Now().Before(until)) {
			boxes, told, err := layerGround(ctx, tx, snapshot, l.Layer(), d.Boxes)
			if err != nil {
				return err
			}
			changed.Ground, changed.Whole = boxes, !told
		}
		c.Layers = append(c.Layers, changed)
	}
	return nil
}
