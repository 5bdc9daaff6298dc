package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// shadowType has a type of the attacker's stand for PostGIS's: a domain whose check
// notes as whom it runs, and what it can read.
const shadowType = `
create function pg_temp.spy(public.geography) returns boolean language plpgsql as $$
declare
	persons bigint;
begin
	perform set_config('attack.ran_as', current_user, false);
	perform set_config('attack.superuser', (select rolsuper::text from pg_roles where rolname = current_user), false);
	execute 'select count(*) from personal.member' into persons;
	perform set_config('attack.persons', persons::text, false);
	return true;
exception when insufficient_privilege then
	return true;
end
$$;
create domain pg_temp.geography as public.geography check (pg_temp.spy(value));`

// temporaryAttack is tried on a siege.
type temporaryAttack struct{ *siege }

// temporaryTypes asks for members from a session in which temporary things have the
// names of what ask.members_within uses. It runs as its owner, and its path once had
// pg_temp before everything: a check of the attacker's ran as the owner, a superuser.
func (s temporaryAttack) temporaryTypes(ctx context.Context) error {
	conn, err := s.login(ctx, viewerLogin)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, refused := conn.Exec(ctx, shadowType)
	var as, superuser, persons string
	_, asked := conn.Exec(ctx, "select * from ask.members_within('ST-001')")
	if err := conn.QueryRow(ctx, `select coalesce(current_setting('attack.ran_as', true), ''),
		coalesce(current_setting('attack.superuser', true), ''), coalesce(current_setting('attack.persons', true), '')`).Scan(&as, &superuser, &persons); err != nil {
		return err
	}
	seen := "no code ran"
	switch {
	case as != "":
		seen = fmt.Sprintf("the check ran as %s (superuser: %s) and read %s rows of personal.member", as, superuser, persons)
	case refused != nil:
		seen = "refused: " + refused.Error()
	case asked != nil:
		seen = "the question: " + asked.Error()
	}
	s.report("a login with only yizhan_public makes a domain pg_temp.geography and asks members_within", "no code runs as the owner", seen, as == "")
	return errors.Join(s.temporaryRight(ctx, conn), s.definersPath(ctx))
}

// temporaryRight tries everything temporary that a login could make.
func (s temporaryAttack) temporaryRight(ctx context.Context, conn *pgx.Conn) error {
	var made []string
	for what, statement := range map[string]string{
		"a table":    "create temporary table member (code text)",
		"a view":     "create temporary view station as select 1 as gid",
		"a sequence": "create temporary sequence counter",
		"a function": "create function pg_temp.st_dwithin() returns int language sql as 'select 1'",
	} {
		if _, err := conn.Exec(ctx, statement); refusedWith(err) != "42501" {
			made = append(made, what)
		}
	}
	seen := "all refused"
	if len(made) > 0 {
		seen = "made " + strings.Join(made, ", ")
	}
	s.report("the same login makes a temporary table, view, sequence, function", "all refused (42501)", seen, len(made) == 0)
	return nil
}

// definersPath looks for functions that run as their owner and let temporary things in.
func (s temporaryAttack) definersPath(ctx context.Context) error {
	var loose []string
	err := s.asOwner(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `
			select coalesce(array_agg(p.oid::regproc::text order by 1), '{}') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
				and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
				and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp"?$' and c !~ 'user')`).Scan(&loose)
	})
	if err != nil {
		return err
	}
	seen := "none"
	if len(loose) > 0 {
		seen = strings.Join(loose, ", ")
	}
	s.report("functions that run as their owner, in pg_proc", "none whose path does not end in pg_temp", seen, len(loose) == 0)
	return nil
}
