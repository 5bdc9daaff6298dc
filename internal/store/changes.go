package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/sql"
)

// Changed says what the journal has after a snapshot.
type Changed struct {
	Layers  []geo.LayerName // public ones, in order of name
	Catalog bool            // layers came, went or changed their description
	Reached bool            // the journal goes back to the snapshot; else there may be more
}

// Changed is what changed after a snapshot (pg_snapshot as text).
func (s *Store) Changed(ctx context.Context, snapshot string) (c Changed, err error) {
	rows, err := s.pool.Query(ctx, sql.Text("queries/changes_since.sql"), snapshot)
	if err != nil {
		return c, describe(fmt.Errorf("changes since %s: %w", snapshot, err))
	}
	var layer geo.LayerName
	_, err = pgx.ForEachRow(rows, []any{&layer}, func() error {
		if layer == "" {
			c.Catalog = true
			return nil
		}
		c.Layers = append(c.Layers, layer)
		return nil
	})
	if err != nil {
		return c, describe(fmt.Errorf("changes since %s: %w", snapshot, err))
	}
	c.Reached, err = s.reached(ctx, snapshot)
	return c, err
}

// reached reports whether the journal goes back to a snapshot. It is asked after what
// is read of the journal, so that entries which somebody removes meanwhile are missed
// by nobody.
func (s *Store) reached(ctx context.Context, snapshot string) (yes bool, err error) {
	err = s.pool.QueryRow(ctx, sql.Text("queries/changes_reach.sql"), snapshot).Scan(&yes)
	if err != nil {
		return false, describe(fmt.Errorf("how far the journal goes back: %w", err))
	}
	return yes, nil
}
