package store_test

import (
	"context"
	"testing"

	"yizhan/geo"
	"yizhan/internal/store"
)

// Who holds something of an older version may keep it only where the journal goes
// back so far.
func TestChangesAreKnownOnlyAsFarAsTheJournalGoesBack(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	ctx := context.Background()
	var snapshot string
	if err := conn.QueryRow(ctx, "select pg_current_snapshot()::text").Scan(&snapshot); err != nil {
		t.Fatal(err)
	}
	exec(t, conn, "insert into city.station (code, status, geom) values ('S1', 'open', 'SRID=4326;POINT(112.5 33)')",
		"insert into personal.member (code, trade, organisation, geom) values ('M-1', 'sanitation', 'x', 'SRID=4326;POINT(112.7 33.1)')")
	few := store.Depth{Entries: 100, Boxes: 100}
	changed, err := s.Changed(ctx, snapshot, nil, few)
	if err != nil || !changed.Reached || changed.Catalog || len(changed.Layers) != 1 || changed.Layers[0].Name != "station" || !changed.Layers[0].Whole {
		t.Errorf("after an edit: %+v, %v", changed, err)
	}
	exec(t, conn, "update catalog.layer set position = position where name = 'station'")
	if changed, err = s.Changed(ctx, snapshot, nil, few); err != nil || !changed.Catalog {
		t.Errorf("after a change of the catalogue: %+v, %v", changed, err)
	}
	for _, rest := range []string{"no entry", "a later entry"} {
		exec(t, conn, "delete from journal.entry")
		if rest == "a later entry" {
			exec(t, conn, "update city.station set status = 'closed'")
		}
		if changed, err = s.Changed(ctx, snapshot, nil, few); err != nil || changed.Reached {
			t.Errorf("with %s left: %+v, %v", rest, changed, err)
		}
		l := geo.Layer{Name: "station", Schema: "city", Table: "station", IDColumn: "gid", GeomColumn: "geom"}
		if _, whole, err := s.ChangedGround(ctx, snapshot, []*geo.Collection{geo.NewBuilder(&l, 0).Build()}); err != nil || !whole {
			t.Errorf("with %s left, the ground: whole %v, %v", rest, whole, err)
		}
	}
}
