package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/sql"
)

// mostGround is how many boxes of changed ground are told apart: beyond that it is
// less work to look at everything.
const mostGround = 200_000

// ChangedGround is where layers changed after a snapshot (pg_snapshot as text): the
// boxes of what changed, as it was and as it is. whole says that all of them may
// differ, as when the catalogue changed or the journal does not go back so far.
func (s *Store) ChangedGround(ctx context.Context, snapshot string, layers []*geo.Collection) (ground []geo.Extent, whole bool, err error) {
	changed, err := s.Changed(ctx, snapshot)
	if err != nil || changed.Catalog || !changed.Reached {
		return nil, err == nil, err
	}
	for _, c := range layers {
		l := c.Layer()
		if !slices.Contains(changed.Layers, l.Name) {
			continue
		}
		boxes, told, err := s.LayerGround(ctx, snapshot, l, mostGround-len(ground))
		if err != nil || !told {
			return nil, err == nil, err
		}
		ground = append(ground, boxes...)
	}
	return ground, false, nil
}

// LayerGround is where one layer changed after a snapshot. told is false when there are
// more boxes than so many, or the journal does not go back so far.
func (s *Store) LayerGround(ctx context.Context, snapshot string, l *geo.Layer, most int) (ground []geo.Extent, told bool, err error) {
	statement := strings.NewReplacer("city.layer", quote(l.Schema, l.Table), "identifier", quote(l.IDColumn), "l.geometry", "l."+quote(l.GeomColumn)).
		Replace(sql.Text("queries/changed_ground.sql"))
	rows, err := s.pool.Query(ctx, statement, string(l.Name), snapshot, l.GeomColumn, most+1)
	if err != nil {
		return nil, false, describe(fmt.Errorf("ground of layer %q: %w", l.Name, err))
	}
	found := 0
	var west, south, east, north float64
	_, err = pgx.ForEachRow(rows, []any{&west, &south, &east, &north}, func() error {
		found++
		a, errA := geo.Project(west, north)
		b, errB := geo.Project(east, south)
		if errA != nil || errB != nil {
			return nil // the replica does not draw it either
		}
		ground = append(ground, geo.Extent{MinX: a.X(), MinY: a.Y(), MaxX: b.X(), MaxY: b.Y()})
		return nil
	})
	if err != nil {
		return nil, false, describe(fmt.Errorf("ground of layer %q: %w", l.Name, err))
	}
	if told, err = s.reached(ctx, snapshot); err != nil || !told || found > most {
		return nil, false, err
	}
	return ground, true, nil
}
