package merge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// stranger makes a role that is neither the ledger's owner nor one of its members, and
// may make things in schema public. It goes with the test.
func stranger(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	role := pgtest.Value(t, conn, "select 'stranger_' || current_database()")
	pgtest.Exec(t, conn, "create role "+role+" nologin", "grant create on schema public to "+role)
	t.Cleanup(func() {
		pgtest.Exec(t, conn, "drop owned by "+role+" cascade", "drop role "+role)
	})
	return role
}

// Whatever a table does when it is written is done with the ledger's rights.
func TestATableIsALayerOnlyWhenAllThatRunsWithItIsTheLedgersOwn(t *testing.T) {
	t.Parallel()
	const columns = "gid bigint generated always as identity primary key, code text, name text, geom geometry(Point, " +
		"4326) not null"
	for _, c := range []struct {
		name, by string // what the stranger makes before
		alter    string // what the owner does with it, to a table of its own
		remedy   string
	}{
		{"the table itself", "", "alter table city.post owner to stranger", "alter table city.post owner to"},
		{"a trigger", "create function public.spy() returns trigger language plpgsql as 'begin return new; end'",
			"create trigger spy before insert on city.post for each row execute function public.spy()",
			"alter function spy() owner to"},
		{"a check", "create function public.fine(text) returns boolean immutable language sql as 'select true'",
			"alter table city.post add check (public.fine(name))", "alter function fine(text)"},
		{"a default", "create function public.fine() returns text language sql as 'select null::text'",
			"alter table city.post alter column name set default public.fine()", "alter function fine()"},
		{"an index", "create function public.fine(text) returns text immutable language sql as 'select $1'",
			"create index on city.post (public.fine(name))", "alter function fine(text)"},
		{"a domain", "create domain public.word as text check (value <> '')",
			"alter table city.post alter column name type public.word", "alter type word"},
		{"an array of a domain", "create domain public.word as text",
			"alter table city.post add column words public.word[]", "alter type word"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			super := pgtest.Superuser(t, conn)
			role := stranger(t, super)
			owner := pgtest.Value(t, conn, "select current_user::text")
			pgtest.Exec(t, conn, "create table city.post ("+columns+")",
				"select catalog.publish('city.post', key_column => 'code')",
				"create table city.other ("+columns+")")
			imported(t, s, "post", collected(feature(`"code":"A"`)), "read 1, inserted 1, updated 0, unchanged 0")
			if c.by != "" {
				pgtest.Exec(t, super, "set role "+role, c.by, "reset role")
			}
			alter := strings.ReplaceAll(c.alter, "owner to stranger", "owner to "+role)
			by := conn
			if alter != c.alter {
				by = super // an owner cannot give its table away
			}
			pgtest.Exec(t, by, alter, strings.ReplaceAll(alter, "city.post", "city.other"))
			if why := forbidden(t, conn, "select catalog.publish('city.other')"); !strings.Contains(why, role) ||
				!strings.Contains(why, strings.ReplaceAll(c.remedy, "post", "other")) {
				t.Errorf("publishing says %s", why)
			}
			remedy := c.remedy
			for name, err := range map[string]error{
				"an import": importOnce(t, s), "an undo": undoOnce(t, s, conn),
			} {
				if !errors.Is(err, geo.ErrForbidden) || !strings.Contains(err.Error(), remedy) {
					t.Errorf("%s says %v", name, err)
				}
			}
			pgtest.Exec(t, super, "reassign owned by "+role+" to "+owner)
			if err := importOnce(t, s); err != nil {
				t.Errorf("after the remedy: %v", err)
			}
		})
	}
}

func importOnce(t *testing.T, s *bureau) error {
	t.Helper()
	_, err := bring(t, s, "post", collected(feature(`"code":"B","name":"b"`)))
	return err
}

func undoOnce(t *testing.T, s *bureau, conn *pgx.Conn) error {
	t.Helper()
	var batch int64
	if _, err := fmt.Sscan(pgtest.Value(t, conn, "select max(id) from journal.batch"), &batch); err != nil {
		t.Fatal(err)
	}
	_, err := s.Undo(context.Background(), merge.UndoOptions{Batch: batch})
	return err
}
