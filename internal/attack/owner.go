package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ownerAttack is tried on a siege.
type ownerAttack struct{ *siege }

// ownerIsSuperuser tries with the owner's session what only a superuser may. The owner
// of the private PostgreSQL once was one, so whoever became the owner ran programs as
// the database's system user.
func (s ownerAttack) ownerIsSuperuser(ctx context.Context) error {
	return s.asOwner(ctx, func(conn *pgx.Conn) error {
		var done []string
		for _, try := range []struct{ what, statement string }{
			{"run a program", "copy (select 1) to program 'true'"},
			{"read a file", "select pg_read_file('/etc/hostname')"},
			{"list a folder", "select count(*) from pg_ls_dir('/')"},
			{"write a file", fmt.Sprintf("select lo_export(lo_from_bytea(0, ''), '%s/exported')", s.temporary())},
			{"make a superuser", "create role attack_superuser superuser"},
			{"write a setting of the server", "alter system set log_statement = 'all'"},
		} {
			tx, err := conn.Begin(ctx)
			if err != nil {
				return err
			}
			if strings.HasPrefix(try.statement, "alter system") { // not in a transaction, so that it is only looked up
				try.statement = "select pg_catalog.set_config('log_statement', 'all', true)"
			}
			if _, err := tx.Exec(ctx, try.statement); err == nil {
				done = append(done, try.what)
			}
			if err := tx.Rollback(ctx); err != nil {
				return err
			}
		}
		seen := "all refused"
		if len(done) > 0 {
			seen = "could " + strings.Join(done, ", ")
		}
		s.report("with the owner's session: run a program, read and write files of the server, make a superuser", "all refused", seen, len(done) == 0)
		return nil
	})
}
