package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// leak is a question of an analyst's that first does one thing with its session, then
// reads a person.
const leak = `create or replace function ask.%s() returns table (code text, place text) language plpgsql volatile as $$
begin
	%s;
	return query execute 'select code::text, st_astext(geom) from personal.member order by code limit 1';
end
$$`

// whoAmI tells as whom questions run.
const whoAmI = `create or replace function ask.attack_who() returns table (session name, "user" name, superuser boolean, above text[]) language sql stable as $$
	select session_user, current_user, rolsuper, array(
		select r.rolname::text from pg_roles r
		where pg_has_role(session_user, r.oid, 'member') and r.rolname not in (session_user, 'yizhan_public')
			and (select count(*) from pg_class c where c.relowner = r.oid and c.relkind = 'r' and c.relnamespace = 'city'::regnamespace) > 0)
	from pg_roles where rolname = session_user
$$`

// leave changes the session of the connection, which a pool then hands to somebody else.
const leave = `create or replace function ask.attack_leave() returns table (done int, times int) language plpgsql volatile as $$
begin
	perform set_config('role', 'none', false);
	perform set_config('default_transaction_read_only', 'off', false);
	perform set_config('statement_timeout', '0', false);
	perform set_config('attack.left', 'yes', false);
	return query select 1, 1;
end
$$`

// found is a question that comes later, writes, and tells what it finds.
const found = `create or replace function ask.attack_found() returns table (left_over text, written boolean) language plpgsql volatile as $$
declare
	wrote boolean := false;
begin
	begin
		execute 'create table if not exists city.attack_wrote ()';
		wrote := true;
	exception when others then
		wrote := false;
	end;
	return query select coalesce(current_setting('attack.left', true), ''), wrote;
end
$$`

// sessionAttack is tried on a siege.
type sessionAttack struct{ *siege }

// sessionLeaks asks questions that change their session. Questions once ran on the
// owner's session under "set role", which any question undoes: an anonymous GET printed
// a member's code and point, and a later question on the same connection wrote.
func (s sessionAttack) sessionLeaks(ctx context.Context) error {
	owner, err := s.sessionOwner(ctx)
	if err != nil {
		return err
	}
	ways := []string{
		"perform 1",
		"perform set_config('role', 'none', true)",
		"perform set_config('role', '" + owner + "', true)",
		"execute 'reset role'",
		"execute 'set session authorization default'",
		"execute 'set session authorization " + owner + "'",
		"perform 2", // with what the others left
	}
	statements := []string{whoAmI, leave, found}
	for n, way := range ways {
		statements = append(statements, fmt.Sprintf(leak, fmt.Sprintf("attack_leak_%d", n), way))
	}
	if err := s.asAnalyst(ctx, statements...); err != nil {
		return err
	}
	defer s.forgetQuestions(ctx)
	var told []string
	for n, way := range ways {
		a, err := s.question(ctx, fmt.Sprintf("attack_leak_%d", n))
		if err != nil {
			return err
		}
		if a.ok() || namesMember(a.body) {
			told = append(told, way)
		}
	}
	seen := "all refused"
	if len(told) > 0 {
		seen = "a member's code and point after: " + strings.Join(told, "; ")
	}
	s.report(fmt.Sprintf("%d questions of an analyst's that reset their role and read personal.member, asked anonymously", len(ways)), "all refused", seen, len(told) == 0)
	return errors.Join(s.whoAsks(ctx), s.leftOver(ctx))
}

// sessionOwner is the name of the role that owns the layers.
func (s sessionAttack) sessionOwner(ctx context.Context) (owner string, err error) {
	err = s.asOwner(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "select pg_get_userbyid(relowner) from pg_class where oid = 'personal.member'::regclass").Scan(&owner)
	})
	return owner, err
}

// whoAsks looks at the role of the sessions that questions have.
func (s sessionAttack) whoAsks(ctx context.Context) error {
	a, err := s.question(ctx, "attack_who")
	if err != nil {
		return err
	}
	text := string(a.body)
	_, rows, _ := strings.Cut(text, `"rows":`)
	rows, _, _ = strings.Cut(rows, "}]")
	s.report("the session that a question runs on", "a login that is neither the owner nor a member of it", rows+"}]",
		a.ok() && strings.Contains(rows, `"superuser":false`) && strings.Contains(rows, `"above":[]`))
	return nil
}

// leftOver has one question leave settings behind, and others look for them.
func (s sessionAttack) leftOver(ctx context.Context) error {
	for range 12 {
		if _, err := s.question(ctx, "attack_leave"); err != nil {
			return err
		}
	}
	left, wrote, failed := 0, 0, 0
	for range 30 {
		a, err := s.question(ctx, "attack_found")
		if err != nil {
			return err
		}
		if !a.ok() {
			failed++
		}
		if strings.Contains(string(a.body), `"left_over":"yes"`) {
			left++
		}
		if strings.Contains(string(a.body), `"written":true`) {
			wrote++
		}
	}
	s.report("a question leaves role none and read-only off on its connection; 30 later questions make a table", "none finds anything, none makes it",
		fmt.Sprintf("%d found what was left, %d made a table, %d were refused", left, wrote, failed), left == 0 && wrote == 0)
	return nil
}

// asAnalyst adds questions with an analyst's login.
func (s *siege) asAnalyst(ctx context.Context, statements ...string) error {
	conn, err := s.login(ctx, analystLogin)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return errors.Join(fmt.Errorf("%.60s: %w", statement, err), conn.Close(ctx))
		}
	}
	return conn.Close(ctx)
}

// forgetQuestions removes all questions that attacks have added.
func (s *siege) forgetQuestions(ctx context.Context) {
	err := s.execute(context.WithoutCancel(ctx), `
		do $$ declare f regprocedure; begin
			for f in select p.oid from pg_proc p where p.pronamespace = 'ask'::regnamespace and p.proname ~ '^attack_' loop
				execute format('drop function %s', f);
			end loop;
			drop table if exists city.attack_wrote;
		end $$`)
	if err != nil {
		note("remove the questions: %v", err)
	}
}

// question asks one anonymously, by GET, or by POST where that is asked for.
func (s *siege) question(ctx context.Context, name string, parameters ...string) (answer, error) {
	query := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	path := "/ask/" + name
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	a, err := s.ask(ctx, path)
	if err == nil && a.status == http.StatusMethodNotAllowed {
		c := newClient(0, s.target.address)
		defer c.close()
		return c.send(ctx, http.MethodPost, path, nil)
	}
	return a, err
}
