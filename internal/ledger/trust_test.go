package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
)

// attacker is a connection with the rights of the public and of nobody else.
func attacker(t *testing.T, owner *pgx.Conn) *pgx.Conn {
	t.Helper()
	ctx := context.Background()
	config := owner.Config().Copy()
	config.User = pg.ReaderRole
	config.RuntimeParams["default_transaction_read_only"] = "off"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	return conn
}

func TestEveryFunctionLooksUpTemporaryObjectsLast(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	if loose := pgtest.Column(t, conn, `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('ask', 'catalog', 'journal', 'personal')
			and not coalesce('search_path=pg_catalog, public, pg_temp' = any (p.proconfig), false) order by 1`); len(loose) > 0 {
		t.Errorf("whoever calls these chooses what their names mean: %s", strings.Join(loose, ", "))
	}
}

func TestNoFunctionThatRunsAsItsOwnerIsEverybodys(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	if open := pgtest.Column(t, conn, `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where p.prosecdef and n.nspname in ('ask', 'catalog', 'journal', 'personal')
			and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0) order by 1`); len(open) > 0 {
		t.Errorf("anybody who can log in may run these as the ledger's owner: %s", strings.Join(open, ", "))
	}
}

func TestThePublicMayMakeNothing(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, confirmed)
	public := attacker(t, conn)
	for _, c := range []struct{ name, statement string }{
		{"a temporary domain that stands before a type",
			"create domain pg_temp.geography as text check (length(value) > 0)"},
		{"a temporary table", "create temporary table member (code text)"},
		{"a temporary function",
			"create function pg_temp.st_dwithin(text, text, float8) returns boolean language sql as 'select true'"},
		{"a function in a schema that others search",
			"create function public.st_dwithin(text, text, float8) returns boolean language sql as 'select true'"},
		{"a question", "create function ask.mine() returns int language sql as 'select 1'"},
		{"a schema", "create schema mine"},
		{"a large object", "select lo_create(0)"},
		{"a large object with contents", "select lo_from_bytea(0, 'x')"},
		{"the role of the owner", "set role yizhan"},
		{"the owner's session", "set session authorization yizhan"},
		{"members", "select * from personal.member"},
		{"former rows", "select * from journal.before"},
		{"the list of questions about persons", "select * from journal.person_question"},
		{"a confirmation of its own", "select catalog.confirm('station', array['ST-001'], 'me')"},
		{"an audit row in somebody's name", "select catalog.note_person_question('x', '[]')"},
		{"the connections of others that serve",
			"select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"},
		{"what they run", "select pg_cancel_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"},
		{"the lock that migrations wait for", "select pg_try_advisory_lock(hashtext('yizhan migration'))"},
		{"the lock that imports wait for",
			"select pg_advisory_xact_lock_shared(hashtext('yizhan import'), hashtext('station'))"},
		{"a program", "copy city.station to program 'id'"},
		{"a file of the server", "select pg_read_file('PG_VERSION')"},
	} {
		if _, err := public.Exec(context.Background(), c.statement); err == nil {
			t.Errorf("%s: the public can make or reach it", c.name)
		}
	}
}

// TestTheEscapeThroughATemporaryType gives the attacker the right to make temporary
// objects, which a database set up by hand may leave to everybody.
func TestTheEscapeThroughATemporaryType(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, confirmed, posts("sanitation", 6, 10))
	pgtest.Exec(t, pgtest.Superuser(t, conn),
		"grant temporary on database "+pgx.Identifier{conn.Config().Database}.Sanitize()+" to public")
	public := attacker(t, conn)
	pgtest.Exec(t, public,
		`create function pg_temp.ran(text) returns boolean language plpgsql as $$
			begin perform set_config('yizhan.ran_as', current_user, false); return true; end $$`,
		"create domain pg_temp.geography as public.geometry check (pg_temp.ran('x'))",
		"create domain pg_temp.text as pg_catalog.text check (pg_temp.ran('x'))",
		"create domain pg_temp.float8 as pg_catalog.float8 check (pg_temp.ran('x'))",
		"create temporary table member (code pg_catalog.text, trade pg_catalog.text, geom public.geometry)",
		"select * from ask.members_within('ST-001')")
	if ran := pgtest.Column(t, public, "select coalesce(current_setting('yizhan.ran_as', true), '')"); ran[0] != "" {
		t.Errorf("code of the attacker's ran as %s", ran[0])
	}
}

func TestAQuestionOfAnAnalystReachesWhatTheAskerCould(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, confirmed, posts("sanitation", 6, 10),
		"create table city.notes (gid int primary key, note text)",
		`create function ask.leak() returns table (said text) language plpgsql as $$
			begin
				perform set_config('role', 'none', true);
				return query select code from personal.member;
			end $$`,
		`create function ask.leave() returns text language plpgsql as $$
			begin
				perform set_config('role', 'none', false), set_config('default_transaction_read_only', 'off', false),
					set_config('transaction_read_only', 'off', false), set_config('search_path', 'personal', false);
				return 'left';
			end $$`,
		"create function ask.find() returns text language sql as $$ select current_user || ' ' || session_user || ' "+
			"' || current_setting('search_path') $$",
		"create function ask.write() returns int language plpgsql as $$ begin insert into city.notes values (1, "+
			"'x'); return 1; end $$",
		"create function ask.many() returns bigint language sql as $$ select count(*) from generate_series(1, 50) i, "+
			"ask.members_within('ST-001') $$")
	ctx := context.Background()
	for _, name := range []string{"leak", "leave", "write", "many"} {
		if answer, err := s.Ask(ctx, ledger.Asking{Question: name}); err == nil && name != "leave" {
			t.Errorf("ask.%s was answered: %s", name, answer.Rows)
		}
	}
	for range 12 { // whichever connection it was that was left changed
		answer, err := s.Ask(ctx, ledger.Asking{Question: "find"})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(answer.Rows[0]); !strings.Contains(got, pg.ReaderRole+" "+pg.ReaderRole) ||
			strings.Contains(got, "personal") {
			t.Errorf("a question found the session as another had left it: %s", got)
		}
	}
	if left := pgtest.Column(t, conn, "select note from city.notes"); len(left) > 0 {
		t.Error("a question wrote to a table")
	}
}

func TestQuestionsOfOneColumnAndOfOneValue(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"create function ask.one_value() returns integer language sql as $$ select 7 $$",
		"create function ask.one_column() returns table (answer text) language sql as $$ values ('a'), (null) $$",
		"create function ask.a_list() returns setof text language sql as $$ values ('a'), ('b') $$",
		"create function ask.one_out(out answer numeric) language sql as $$ select 1.5 $$",
		"create function ask.a_document() returns jsonb language sql as $$ select '{\"a\": 1}'::jsonb $$",
		"create function ask.some_rows() returns setof city.target language sql as $$ select * from city.target $$",
		"create function ask.nothing() returns void language sql as $$ select $$",
		"create function ask.no_columns() returns setof record language sql as $$ select 1 $$",
		"create function ask.for_triggers() returns trigger language plpgsql as $$ begin return null; end $$")
	for _, c := range []struct{ question, want string }{
		{"one_value", `{"one_value":7}`},
		{"one_column", `{"answer":"a"} {"answer":null}`},
		{"a_list", `{"a_list":"a"} {"a_list":"b"}`},
		{"one_out", `{"answer":1.5}`},
		{"a_document", `{"a_document":{"a": 1}}`},
		{"some_rows",
			`{"programme":"wall_removal","adcode":"","metric":"sites accepted","batch":1,"value":177,"due":"2021-06-30"}`},
	} {
		answer, err := s.Ask(context.Background(), ledger.Asking{Question: c.question})
		if err != nil {
			t.Errorf("%s: %v", c.question, err)
			continue
		}
		var rows []string
		for _, row := range answer.Rows {
			rows = append(rows, string(row))
		}
		if got := strings.Join(rows, " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.question, got, c.want)
		}
		var csv strings.Builder
		if err := answer.CSV(&csv); err != nil {
			t.Errorf("%s: %v", c.question, err)
		}
	}
	for _, name := range []string{"no_columns", "for_triggers"} {
		if _, err := s.Ask(context.Background(), ledger.Asking{Question: name}); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("%s, which cannot be asked, is published: %v", name, err)
		}
	}
}

func TestTheDayIsTheCitysWhateverTheServersTimeZone(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, pgtest.Superuser(t, conn),
		"alter database "+pgx.Identifier{conn.Config().Database}.Sanitize()+" set timezone = 'Pacific/Kiritimati'")
	pgtest.Exec(t, conn,
		"create function ask.zone() returns text language sql as $$ select current_setting('timezone') $$")
	answer, err := s.Ask(context.Background(), ledger.Asking{Question: "zone"})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(answer.Rows[0]); got != `{"zone":"Asia/Shanghai"}` {
		t.Errorf("questions run in %s", got)
	}
	for _, zone := range []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		pgtest.Exec(t, conn, "set timezone = '"+zone+"'")
		got := pgtest.Column(t, conn, "select catalog.today()::text")
		if want := pgtest.Column(t, conn, "select (now() at time zone 'Asia/Shanghai')::date::text"); got[0] != want[0] {
			t.Errorf("in a session of %s today is %s, and in the city %s", zone, got[0], want[0])
		}
	}
}

func TestAReaderWithMoreRightsThanThePublicIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, grant, says string }{
		{"a member of the owner", "grant yizhan to %s", "is a member of pg_database_owner, yizhan"},
		{"a superuser", "alter role %s superuser", "is a superuser"},
		{"one that is not of the public", "revoke yizhan_public from %s", "lacks the role yizhan_public"},
		{"one that owns something", "create type of_the_reader as enum (); alter type of_the_reader owner to %s",
			"owns 1 objects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, conn := open(t)
			super := pgtest.Superuser(t, conn)
			role := anotherReader(t, super)
			pgtest.Exec(t, super, strings.Split(fmt.Sprintf(c.grant, role), ";")...)
			if err := checkReader(t, conn, role); !errors.Is(err, geo.ErrForbidden) ||
				!strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a refusal that says %q", err, c.says)
			}
		})
	}
}

func TestWhatAReaderOwnsInAnotherDatabaseIsNoFault(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	_, elsewhere := open(t)
	super := pgtest.Superuser(t, elsewhere)
	role := anotherReader(t, super)
	pgtest.Exec(t, super, "create schema of_the_reader authorization "+role)
	if err := checkReader(t, conn, role); err != nil {
		t.Error(err)
	}
}

// anotherReader is a login of the public like the reader, of this database's own name.
func anotherReader(t *testing.T, super *pgx.Conn) string {
	t.Helper()
	role := "reader_" + strings.TrimPrefix(super.Config().Database, "test_")
	pgtest.Exec(t, super, "create role "+role+" login password 'x' in role yizhan_public")
	t.Cleanup(func() { pgtest.Exec(t, super, "drop owned by "+role, "drop role "+role) })
	return role
}

// checkReader is whether the role may serve the database of conn.
func checkReader(t *testing.T, conn *pgx.Conn, role string) error {
	t.Helper()
	config := conn.Config()
	s, err := ledger.Open(context.Background(), pg.Logins{Owner: config.ConnString(),
		Reader: fmt.Sprintf("host=%s port=%d dbname=%s user=%s password=x", config.Host, config.Port, config.Database,
			role)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.DB().CheckReader(context.Background())
}
