package pg_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/cluster"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
)

// earlier is a private server as an earlier release made it: its one role, the owner of
// the ledger, made the cluster and is a superuser.
func earlier(t *testing.T) *pgtest.Private {
	t.Helper()
	server := pgtest.Server(t)
	as := func(role, database string, statements ...string) {
		conn, err := pgx.Connect(t.Context(), server.As(role, database))
		if err != nil {
			t.Fatal(err)
		}
		pgtest.Exec(t, conn, statements...)
		_ = conn.Close(t.Context())
	}
	as(cluster.Admin, "postgres", "create role "+cluster.Helper+" superuser login")
	as(cluster.Helper, "postgres", "alter role "+cluster.Admin+" rename to "+cluster.Owner)
	as(cluster.Owner, "postgres", "drop role "+cluster.Helper)
	as(cluster.Owner, cluster.Owner, "create extension postgis", "create schema city",
		"create role yizhan_public nologin",
		"create table city.bench (gid bigint generated always as identity primary key, name text, geom "+
			"geometry(Point, 4326))",
		"create view city.benches as select * from city.bench", "create type city.mood as enum ('good', 'bad')",
		"create function city.count() returns bigint language sql as 'select count(*) from city.bench'")
	return server
}

func privateRoles(server *pgtest.Private) pg.PrivateRoles {
	return pg.PrivateRoles{
		Admin: cluster.Admin, Helper: cluster.Helper,
		SetupNames: pg.SetupNames{Owner: cluster.Owner, Reader: cluster.Reader, Database: "yizhan"},
		Address:    func(role string) string { return server.As(role, "yizhan") },
	}
}

func TestAPrivateServerOfAnEarlierReleaseIsTakenOver(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := earlier(t)
	roles := privateRoles(server)
	for range 2 { // once more does no harm
		if err := pg.SetUpPrivate(ctx, roles); err != nil {
			t.Fatal(err)
		}
	}
	s, err := pg.Open(ctx, pg.Logins{Owner: server.As(cluster.Owner, "yizhan"),
		Reader: server.As(cluster.Reader, "yizhan")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.CheckReader(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, server.As(cluster.Owner, "yizhan"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if super := pgtest.Column(t, conn, "select rolname from pg_roles where rolsuper order by 1"); strings.Join(super, " ") != cluster.Admin {
		t.Errorf("superusers are %v", super)
	}
	if left := pgtest.Column(t, conn, `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'city' and c.relowner <> 'yizhan'::regrole
		union all select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'city'::regnamespace and p.proowner <> 'yizhan'::regrole
		union all select t.oid::regtype::text from pg_type t where t.typnamespace = 'city'::regnamespace and t.typowner <> 'yizhan'::regrole`); len(left) > 0 {
		t.Errorf("these were not handed over: %v", left)
	}
}
