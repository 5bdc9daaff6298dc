package replica_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/pgtest"
	"yizhan/internal/replica"
)

type tag = pgconn.CommandTag

// The columns of the layers below that tiles carry, in the catalogue's order.
const (
	stationColumns = "code, name, status, class, functions, premises_source, area_m2, capacity, open_hours, " +
		"radius_m, branch_org"
	manholeColumns = "code, utility, condition, owner_known, cover_material, load_class, diameter_mm, anti_fall_net, " +
		"road_zone"
)

func station(code string, lon float64) string {
	return fmt.Sprintf(
		"insert into city.station (code, name, status, geom) values ('%s', '%s', 'open', 'SRID=4326;POINT(%f 33)')",
		code, code, lon)
}

func TestReplicaHoldsWhatWasThereBeforeItStarted(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	conn := connect(t, dsn)
	must(t, conn, station("ST-001", 112.5), station("ST-002", 112.6))
	r, _ := follow(t, dsn)
	if d := differs(t, r, conn, "station", stationColumns); d != "" {
		t.Fatal(d)
	}
}

func TestReplicaFollowsEachKindOfStatement(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	conn := connect(t, dsn)
	r, _ := follow(t, dsn)
	for _, step := range []struct{ name, statement string }{
		{"an insert", station("ST-001", 112.5)},
		{"another", station("ST-002", 112.6)},
		{"a move", "update city.station set geom = 'SRID=4326;POINT(112.7 33.1)' where code = 'ST-001'"},
		{"an attribute", "update city.station set name = '人民路驿站', status = 'trial' where code = 'ST-002'"},
		{"an update of nothing", "update city.station set name = 'x' where false"},
		{"an upsert",
			"insert into city.station (code, status, geom) values ('ST-001', 'open', 'SRID=4326;POINT(112.5 33)') on " +
				"conflict (code) do update set status = 'closed'"},
		{"a new id", "update city.station set gid = default where code = 'ST-001'"},
		{"a delete", "delete from city.station where code = 'ST-002'"},
		{"truncate", "truncate city.station"},
		{"truncate with a row after it", "begin; truncate city.station; " + station("ST-003", 112.4) + "; commit"},
		{"merge",
			"merge into city.station s using (values ('ST-003', 'planned'), ('ST-004', 'open')) v(code, status) on " +
				"s.code = v.code when matched then update set status = v.status when not matched then insert (code, " +
				"status, geom) values (v.code, v.status, 'SRID=4326;POINT(112 33)')"},
	} {
		must(t, conn, step.statement)
		t.Run(step.name, func(t *testing.T) { eventuallyEqual(t, r, conn, "station", stationColumns) })
	}
}

func TestReplicaSeesTransactionsThatCommitOutOfOrder(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	r, _ := follow(t, dsn)
	first, second, reader := connect(t, dsn), connect(t, dsn), connect(t, dsn)
	ctx := context.Background()
	early, err := first.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	must(t, early, station("ST-EARLY", 112.5))
	must(t, second, station("ST-LATE", 112.6))
	eventuallyEqual(t, r, reader, "station", stationColumns)
	if n := r.State().Layers["station"].Len(); n != 1 {
		t.Fatalf("before the first transaction commits the replica holds %d stations, want 1", n)
	}
	if err := early.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	eventuallyEqual(t, r, reader, "station", stationColumns)
	if n := r.State().Layers["station"].Len(); n != 2 {
		t.Fatalf("after it commits the replica holds %d stations, want 2", n)
	}
}

func TestReplicaShowsEditsWhileALongImportIsOpen(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	r, _ := follow(t, dsn)
	importer, editor := connect(t, dsn), connect(t, dsn)
	ctx := context.Background()
	long, err := importer.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	must(t, long, `insert into city.manhole (code, utility, condition, geom)
		select 'M' || i, 'rain', 'intact', st_setsrid(st_makepoint(112.5 + i * 1e-5, 33), 4326) from generate_series(1, 5000) i`)
	for i := range 20 {
		must(t, editor, station(fmt.Sprint("ST-", i), 112.5))
		eventuallyEqual(t, r, editor, "station", stationColumns)
	}
	if n := r.State().Layers["manhole"].Len(); n != 0 {
		t.Fatalf("an uncommitted import shows %d manholes", n)
	}
	if err := long.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	eventuallyEqual(t, r, editor, "manhole", manholeColumns)
}

func TestReplicaForgetsWhatIsRolledBack(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	r, _ := follow(t, dsn)
	conn := connect(t, dsn)
	must(t, conn, "begin", station("ST-001", 112.5), "savepoint a", station("ST-002", 112.5), "rollback to a",
		station("ST-003", 112.5), "commit",
		"begin", station("ST-004", 112.5), "rollback")
	eventuallyEqual(t, r, conn, "station", stationColumns)
	if n := r.State().Layers["station"].Len(); n != 2 {
		t.Fatalf("the replica holds %d stations, want 2", n)
	}
}

func TestReplicaSurvivesTheLossOfItsConnection(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	r, _ := follow(t, dsn)
	conn := connect(t, dsn)
	must(t, connect(t, pgtest.Admin(t, dsn)),
		"select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'yizhan replica' and "+
			"datname = current_database()")
	must(t, conn, station("ST-001", 112.5))
	eventuallyEqual(t, r, conn, "station", stationColumns)
}

func TestReplicaCatchesUpAfterARestartOfTheServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Server(t)
	dsn := server.Ledger(t)
	r, _ := follow(t, dsn)
	must(t, connect(t, dsn), station("ST-001", 112.5))
	server.Kill(t)
	if n := r.State().Layers["station"]; n == nil {
		t.Fatal("the last state is gone")
	}
	server.Restart(t)
	conn := connect(t, dsn)
	must(t, conn, station("ST-002", 112.6))
	eventuallyEqual(t, r, conn, "station", stationColumns)
}

func TestReplicaTakesUpALayerThatIsMadeWhileItRuns(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	r, seen := follow(t, dsn)
	conn := connect(t, dsn)
	must(t, conn,
		`create table city.bench (gid bigint generated always as identity primary key, code text, geom geometry(Point, 4326))`,
		`insert into city.bench (code, geom) values ('B-1', 'SRID=4326;POINT(112.5 33)'), ('B-2', null)`,
		`select catalog.publish('city.bench', key_column => 'code')`)
	eventuallyEqual(t, r, conn, "bench", "code")
	must(t, conn, `insert into city.bench (code, geom) values ('B-3', 'SRID=4326;POINT(112.6 33)')`)
	eventuallyEqual(t, r, conn, "bench", "code")
	if seen.count() < 2 {
		t.Fatalf("%d changes were announced", seen.count())
	}
	must(t, conn, "drop table city.bench cascade")
	eventually(t, "a dropped table is no longer a layer", func() bool { return r.State().Layers["bench"] == nil })
}

func TestReplicaDropsALayerThatBecomesPersonal(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	r, _ := follow(t, dsn)
	conn := connect(t, dsn)
	must(t, conn, "update catalog.layer set privacy = 'personal' where name = 'organisation'")
	eventually(t, "the layer is gone", func() bool { return r.State().Layers["organisation"] == nil })
	must(t, conn, "select catalog.withdraw('organisation')")
	must(t, conn, "select catalog.publish('city.organisation', privacy => 'public')")
	eventually(t, "the layer is back", func() bool { return r.State().Layers["organisation"] != nil })
	if r.State().Layers["member"] != nil {
		t.Fatal("the replica holds members")
	}
}

func TestReplicaAnnouncesTheGroundTouchedBeforeAndAfterAMove(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	conn := connect(t, dsn)
	must(t, conn, station("ST-001", 112.5))
	r, seen := follow(t, dsn)
	before := seen.count()
	must(t, conn, "update city.station set geom = 'SRID=4326;POINT(113 33)' where code = 'ST-001'")
	eventually(t, "the move is announced", func() bool { return seen.count() > before })
	change := seen.last()
	if len(change.Layers) != 1 || change.Layers[0].Layer != "station" || change.Layers[0].Whole {
		t.Fatalf("announced %+v", change)
	}
	for _, lon := range []float64{112.5, 113} {
		if !covers(index.Extents(change.Layers[0].Touches), lon) {
			t.Errorf("%v° is not among the ground touched", lon)
		}
	}
	eventuallyEqual(t, r, conn, "station", stationColumns)
}

func covers(extents []geo.Extent, lon float64) bool {
	for _, e := range geo.MergeExtents(extents, 100) {
		b := e.Bound()
		if b.Min[0] <= lon+1e-6 && lon-1e-6 <= b.Max[0] {
			return true
		}
	}
	return false
}

func (c *changes) last() replica.Change {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.list[len(c.list)-1]
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not so: %s", what)
}
