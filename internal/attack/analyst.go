package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// aQuestion is one of an analyst's that does something to the ledger and says so.
const aQuestion = `create or replace function ask.%s() returns table (done text, times bigint) language plpgsql volatile as $$
begin
	return query execute %s;
end
$$`

// questionPatience is how long any question may take, with some room.
const questionPatience = 8 * time.Second

// analystAttack is tried on a siege.
type analystAttack struct{ *siege }

// analystFunctions asks questions of somebody with "create on schema ask" who means
// ill: files, programs, large objects, other people's connections, endless work.
func (s analystAttack) analystFunctions(ctx context.Context) error {
	defer s.forgetQuestions(ctx)
	return errors.Join(s.filesAndPrograms(ctx), s.largeObjects(ctx), s.otherBackends(ctx), s.endless(ctx), s.largeAnswers(ctx))
}

// addQuestion adds one that runs a statement of two columns.
func addQuestion(name, statement string) string {
	return fmt.Sprintf(aQuestion, name, "'"+strings.ReplaceAll(statement, "'", "''")+"'")
}

// filesAndPrograms asks for what only a superuser may do, with and without the role.
func (s analystAttack) filesAndPrograms(ctx context.Context) error {
	exported := s.temporary() + "/exported"
	ways := map[string]string{
		"attack_read":    "select pg_read_file('/etc/hostname'), 1::bigint",
		"attack_list":    "select min(f), count(*) from pg_ls_dir('/') f",
		"attack_export":  "select lo_export(lo_from_bytea(0, 'x'), '" + exported + "')::text, 1::bigint",
		"attack_program": "copy (select 1) to program 'touch " + exported + "'",
		"attack_dblink":  "create extension dblink",
		"attack_shadow":  "select min(passwd)::text, count(*) from pg_shadow",
	}
	var statements []string
	for name, way := range ways {
		statements = append(statements, addQuestion(name, way),
			strings.Replace(strings.Replace(addQuestion(name+"_none", way), "begin", "begin perform set_config('role', 'none', true);", 1), "return query", "return query", 1))
	}
	if err := s.asAnalyst(ctx, statements...); err != nil {
		return err
	}
	var done []string
	for name := range ways {
		for _, one := range []string{name, name + "_none"} {
			a, err := s.question(ctx, one)
			if err != nil {
				return err
			}
			// "copy" and "create" return no rows, and plpgsql says so after they ran
			if a.ok() {
				done = append(done, strings.TrimPrefix(one, "attack_"))
			}
		}
	}
	seen := "all refused"
	if len(done) > 0 {
		seen = "done: " + strings.Join(done, ", ")
	}
	s.report("questions that read, list and write files of the server, run a program, add dblink, read pg_shadow; as they are and after set_config('role','none')", "all refused", seen, len(done) == 0)
	return nil
}

// largeObjects are written through a session whose read-only setting was turned off.
func (s analystAttack) largeObjects(ctx context.Context) error {
	err := s.asAnalyst(ctx,
		addQuestion("attack_write_on", "select set_config('default_transaction_read_only', 'off', false), 1::bigint"),
		addQuestion("attack_object", "select 'made', count(lo_from_bytea(0, 'attack')) from generate_series(1, 100)"))
	if err != nil {
		return err
	}
	for range 12 {
		if _, err := s.question(ctx, "attack_write_on"); err != nil {
			return err
		}
	}
	for range 12 {
		if _, err := s.question(ctx, "attack_object"); err != nil {
			return err
		}
	}
	var made int
	err = s.asOwner(ctx, func(conn *pgx.Conn) error {
		return errors.Join(
			conn.QueryRow(ctx, "select count(*) from pg_largeobject_metadata").Scan(&made),
			conn.QueryRow(ctx, "select count(lo_unlink(oid)) from pg_largeobject_metadata where pg_has_role(lomowner, 'usage')").Scan(new(int)))
	})
	s.report("questions turn read-only off for their session, others make large objects", "none is made", fmt.Sprintf("%d made", made), made == 0)
	return err
}

// endOthers ends every connection of the ledger's that it may, one by one.
const endOthers = `create or replace function ask.%s() returns table (whose text, times bigint) language plpgsql volatile as $$
declare
	one record;
	ended text[] := '{}';
begin
	perform set_config('role', '%s', true);
	for one in select pid, application_name from pg_stat_activity
		where pid <> pg_backend_pid() and backend_type = 'client backend' loop
		begin
			if pg_terminate_backend(one.pid) then
				ended := ended || coalesce(nullif(one.application_name, ''), 'without a name');
			end if;
		exception when others then
			null;
		end;
	end loop;
	return query select e, count(*) from unnest(ended) e group by e;
end
$$`

// otherBackends has questions end other people's connections.
func (s analystAttack) otherBackends(ctx context.Context) error {
	err := s.asAnalyst(ctx, fmt.Sprintf(endOthers, "attack_end", "yizhan_public"), fmt.Sprintf(endOthers, "attack_end_none", "none"))
	if err != nil {
		return err
	}
	ended := map[string]int{}
	for _, name := range []string{"attack_end", "attack_end_none"} {
		a, err := s.question(ctx, name)
		if err != nil {
			return err
		}
		var told struct {
			Rows []struct {
				Whose string
				Times int
			}
		}
		if a.ok() {
			if err := json.Unmarshal(a.body, &told); err != nil {
				return err
			}
		}
		for _, row := range told.Rows {
			ended[row.Whose] += row.Times
		}
		sleep(ctx, time.Second)
	}
	var whose []string
	for name, n := range ended {
		whose = append(whose, fmt.Sprintf("%d of %q", n, name))
	}
	seen := "nobody's"
	if len(whose) > 0 {
		seen = strings.Join(whose, ", ")
	}
	delete(ended, "yizhan questions")
	s.report("questions that end every connection they may", "nobody's, or those of other questions at most", seen, len(ended) == 0)
	return nil
}

// endless work: longer than the limit by itself, or after the limit was taken off.
func (s analystAttack) endless(ctx context.Context) error {
	err := s.asAnalyst(ctx,
		addQuestion("attack_sleep", "select pg_sleep(60)::text, 1::bigint"),
		addQuestion("attack_unlimited", "select set_config('statement_timeout', '0', false), 1::bigint"),
		addQuestion("attack_members", `select 'asked', sum((select count(*) from ask.members_within(s.code, 1500 + 0 * n)))::bigint
			from generate_series(1, 1000) n, city.station s`),
		addQuestion("attack_notify", "select 'told', count(pg_notify('yizhan', repeat('x', 100) || n)) from generate_series(1, 200000) n"))
	if err != nil {
		return err
	}
	for _, one := range []struct{ name, what string }{
		{"attack_sleep", "a question that sleeps for a minute"},
		{"attack_unlimited", "the same after twelve questions took the limit off their session"},
		{"attack_members", "a question that calls members_within 40,000 times"},
		{"attack_notify", "a question that wakes the replica 200,000 times"},
	} {
		name := one.name
		if name == "attack_unlimited" {
			for range 12 {
				if _, err := s.question(ctx, name); err != nil {
					return err
				}
			}
			name = "attack_sleep"
		}
		began := time.Now()
		a, err := s.question(ctx, name)
		took := time.Since(began)
		if err != nil {
			return fmt.Errorf("%s: %w", one.what, err)
		}
		tile, err := s.freshTile(ctx)
		if err != nil {
			return err
		}
		s.report(one.what, fmt.Sprintf("ends within %s, a tile afterwards within 1 s", questionPatience),
			fmt.Sprintf("%.40s after %.1f s, a tile in %.2f s", a.brief(), took.Seconds(), tile.Seconds()), took < questionPatience && tile < time.Second)
	}
	return nil
}

// freshTile is how long a tile takes right now.
func (s analystAttack) freshTile(ctx context.Context) (time.Duration, error) {
	if len(s.tiles.paths) == 0 {
		if err := s.shuffle(ctx); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	a, err := s.ask(ctx, s.tiles.cold())
	if err == nil && a.status >= 400 {
		err = fmt.Errorf("a tile: %s", a.brief())
	}
	return time.Since(began), err
}

// largeAnswers asks for more bytes than anybody reads.
func (s analystAttack) largeAnswers(ctx context.Context) error {
	if err := s.asAnalyst(ctx, addQuestion("attack_large", "select repeat('x', 20000000), n::bigint from generate_series(1, 5) n")); err != nil {
		return err
	}
	if err := s.afresh(ctx); err != nil {
		return err
	}
	before := resident(s.target.programs())
	peak := s.target.peak(ctx)
	var last answer
	for range 3 {
		a, err := s.question(ctx, "attack_large")
		if err != nil {
			return errors.Join(err, fmt.Errorf("memory was %d MiB", peak()>>20))
		}
		last = a
	}
	most := peak()
	s.report("a question whose answer has 100 MB, three times", fmt.Sprintf("refused, memory ≤ %.1f×", largestAllowed),
		fmt.Sprintf("%.60s, %d MB; %d → %d MiB (%.1f×)", last.brief(), len(last.body)/1e6, before>>20, most>>20, float64(most)/float64(before)),
		!last.ok() && float64(most) <= largestAllowed*float64(before))
	return nil
}
