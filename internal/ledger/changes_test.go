package ledger_test

import (
	"context"
	"testing"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/ledger"
	"yizhan/internal/pgtest"
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
	pgtest.Exec(t, conn,
		"insert into city.station (code, status, geom) values ('S1', 'open', 'SRID=4326;POINT(112.5 33)')",
		"insert into personal.member (code, trade, organisation, geom) values ('M-1', 'sanitation', 'x', "+
			"'SRID=4326;POINT(112.7 33.1)')")
	few := ledger.Depth{Entries: 100, Boxes: 100}
	changed, err := s.Changed(ctx, snapshot, nil, few)
	if err != nil || !changed.Reached || changed.Catalog || len(changed.Layers) != 1 ||
		changed.Layers[0].Name != "station" || !changed.Layers[0].Whole {
		t.Errorf("after an edit: %+v, %v", changed, err)
	}
	pgtest.Exec(t, conn, "update catalog.layer set position = position where name = 'station'")
	if changed, err = s.Changed(ctx, snapshot, nil, few); err != nil || !changed.Catalog {
		t.Errorf("after a change of the catalogue: %+v, %v", changed, err)
	}
	for _, rest := range []string{"no entry", "a later entry"} {
		pgtest.Exec(t, conn, "delete from journal.entry")
		if rest == "a later entry" {
			pgtest.Exec(t, conn, "update city.station set status = 'closed'")
		}
		if changed, err = s.Changed(ctx, snapshot, nil, few); err != nil || changed.Reached {
			t.Errorf("with %s left: %+v, %v", rest, changed, err)
		}
		l := geo.Layer{Name: "station", Schema: "city", Table: "station", IDColumn: "gid", GeomColumn: "geom"}
		if _, whole, err := s.ChangedGround(ctx, snapshot, []*index.Collection{index.NewBuilder(&l, 0).Build()}); err != nil || !whole {
			t.Errorf("with %s left, the ground: whole %v, %v", rest, whole, err)
		}
	}
}

// Beyond the depth that is wanted nothing is told apart, and nothing is left out.
func TestChangesAreToldApartOnlySoFar(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	ctx := context.Background()
	var snapshot string
	if err := conn.QueryRow(ctx, "select pg_current_snapshot()::text").Scan(&snapshot); err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, conn,
		"insert into city.station (code, status, geom) select 'S' || n, 'open', 'SRID=4326;POINT(112.5 33)' from "+
			"generate_series(1, 5) n",
		"update city.station set geom = 'SRID=4326;POINT(112.6 33)' where code = 'S1'")
	l := geo.Layer{Name: "station", Schema: "city", Table: "station", IDColumn: "gid", GeomColumn: "geom"}
	layers := map[geo.LayerName]*index.Collection{"station": index.NewBuilder(&l, 0).Build()}
	for _, c := range []struct {
		depth      ledger.Depth
		far, whole bool
		boxes      int // five as they are, and one as it was
	}{
		{ledger.Depth{Entries: 2, Boxes: 50}, false, false, 6},
		{ledger.Depth{Entries: 2, Boxes: 50, Patient: true}, false, false, 6},
		{ledger.Depth{Entries: 2, Boxes: 5}, false, true, 0},
		{ledger.Depth{Entries: 1, Boxes: 50}, true, false, 0},
	} {
		changed, err := s.Changed(ctx, snapshot, layers, c.depth)
		if err != nil || changed.Far != c.far || !changed.Reached {
			t.Errorf("%+v: %+v, %v", c.depth, changed, err)
			continue
		}
		if c.far {
			continue
		}
		if len(changed.Layers) != 1 || changed.Layers[0].Whole != c.whole || len(changed.Layers[0].Ground) != c.boxes {
			t.Errorf("%+v: %+v", c.depth, changed)
		}
	}
}

// The functions by which the public role looks into the journal show nothing of persons.
func TestTheJournalShowsThePublicRoleNothingOfPersons(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	ctx := context.Background()
	var snapshot string
	if err := conn.QueryRow(ctx, "select pg_current_snapshot()::text").Scan(&snapshot); err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, conn,
		"insert into personal.member (code, trade, organisation, geom) values ('M-1', 'sanitation', 'x', "+
			"'SRID=4326;POINT(112.7 33.1)')",
		"insert into city.station (code, status, geom) values ('S1', 'open', 'SRID=4326;POINT(112.5 33)')",
		"update personal.member set geom = 'SRID=4326;POINT(112.8 33.1)'",
		"update city.station set geom = 'SRID=4326;POINT(112.6 33)'")
	public := attacker(t, conn)
	for layer, want := range map[string]int{"station": 1, "member": 0} {
		var boxes, moments int
		err := public.QueryRow(ctx,
			"select (select count(*) from journal.former_ground($1, $2::pg_snapshot, 10)), (select "+
				"count(journal.moment($1, now())))",
			layer, snapshot).Scan(&boxes, &moments)
		if err != nil || boxes != want || moments != want {
			t.Errorf("%s shows %d boxes and %d moments, want %d of each: %v", layer, boxes, moments, want, err)
		}
	}
	for _, table := range []string{"journal.entry", "journal.before"} {
		if _, err := public.Exec(ctx, "select from "+table); err == nil {
			t.Errorf("the public role reads %s", table)
		}
	}
}
