package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/sql"
)

// ChangedLayers is which public layers changed after a snapshot (pg_snapshot as
// text), and whether the catalogue did.
func (s *Store) ChangedLayers(ctx context.Context, snapshot string) (layers []geo.LayerName, catalog bool, err error) {
	rows, err := s.pool.Query(ctx, sql.Text("queries/changes_since.sql"), snapshot)
	if err != nil {
		return nil, false, describe(fmt.Errorf("changes since %s: %w", snapshot, err))
	}
	var layer geo.LayerName
	var op string
	seen := map[geo.LayerName]bool{}
	_, err = pgx.ForEachRow(rows, []any{&layer, &op}, func() error {
		catalog = catalog || op == "catalog"
		if op != "catalog" && !seen[layer] {
			seen[layer] = true
			layers = append(layers, layer)
		}
		return nil
	})
	if err != nil {
		return nil, false, describe(fmt.Errorf("changes since %s: %w", snapshot, err))
	}
	return layers, catalog, nil
}
