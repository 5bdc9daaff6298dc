package ledger

import (
	"context"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// mostGround is how many boxes of changed ground are told apart: beyond that it is
// less work to look at everything; nor are more entries of the journal looked at.
const mostGround = 200_000

// ChangedGround is where layers changed after a snapshot (pg_snapshot as text): the
// boxes of what changed, as it was and as it is. whole says that all of them may
// differ, as when the catalogue changed or the journal does not go back so far.
func (l *Ledger) ChangedGround(ctx context.Context, snapshot string,
	layers []*index.Collection) (ground []geo.Extent, whole bool, err error) {
	wanted := map[geo.LayerName]*index.Collection{}
	for _, c := range layers {
		wanted[c.Layer().Name] = c
	}
	changed, err := l.Changed(ctx, snapshot, wanted, Depth{Entries: mostGround, Boxes: mostGround, Patient: true})
	if err != nil || changed.Catalog || changed.Far || !changed.Reached {
		return nil, err == nil, err
	}
	for _, l := range changed.Layers {
		if wanted[l.Name] == nil {
			continue
		}
		if ground = append(ground, l.Ground...); l.Whole || len(ground) > mostGround {
			return nil, true, nil
		}
	}
	return ground, false, nil
}

// layerGround is where one layer changed after a snapshot. told is false when there are
// more boxes than so many.
func layerGround(ctx context.Context, tx pgx.Tx, snapshot string, l *geo.Layer,
	most int) (ground []geo.Extent, told bool, err error) {
	statement := sql.Statement("queries/changed_ground.sql", nil, Words(l))
	rows, err := tx.Query(ctx, statement, string(l.Name), snapshot, most+1)
	if err != nil {
		return nil, false, lang.Errorf("changed area of layer %q: %w", l.Name, err)
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
		return nil, false, lang.Errorf("changed area of layer %q: %w", l.Name, err)
	}
	if found > most {
		return nil, false, nil
	}
	return ground, true, nil
}
