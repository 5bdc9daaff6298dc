package pg

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// SetupNames are the roles and the database that a set-up is for.
type SetupNames struct {
	Owner, Reader, Database string
}

// fill is one of the files of sql/setup for the names, with the markers that it has.
func (n SetupNames) fill(file string, markers ...string) (string, error) {
	for _, name := range []string{n.Owner, n.Reader, n.Database} {
		if name == "" || strings.ContainsRune(name, '\'') { // which stand inside strings, too
			return "",
				lang.Errorf("name %q not allowed: names of roles and databases must not contain an apostrophe: %w",
					name, geo.ErrInvalid)
		}
	}
	given := map[string]string{}
	for _, marker := range markers {
		given[marker] = map[string]string{
			"owner": Quote(n.Owner), "reader": Quote(n.Reader), "database": Quote(n.Database),
		}[marker]
	}
	return sql.Fill("setup/"+file, given)
}

// Script is what an administrator runs once, as a superuser connected to the database,
// so that the ledger needs none afterwards.
func (n SetupNames) Script() (string, error) {
	roles, errRoles := n.fill("roles.sql", "owner", "reader")
	database, errDatabase := n.DatabaseScript()
	contents, errContents := n.fill("contents.sql", "owner")
	return strings.Join([]string{roles, database, contents}, "\n"), errors.Join(errRoles, errDatabase, errContents)
}

// DatabaseScript is the part of [SetupNames.Script] for rights on the database itself,
// which a copy of the database does not have.
func (n SetupNames) DatabaseScript() (string, error) {
	return n.fill("database.sql", "owner", "reader", "database")
}

// PrivateRoles are the roles of a private PostgreSQL, and how to log in as one.
type PrivateRoles struct {
	Admin, Helper string
	SetupNames
	Address func(role string) string
}

// SetUpPrivate makes roles and rights of a private PostgreSQL. One of an earlier release,
// whose owner is a superuser, is taken over: its owner becomes an ordinary role.
func SetUpPrivate(ctx context.Context, p PrivateRoles) error {
	conn, err := pgx.Connect(ctx, p.Address(p.Admin))
	if lacksRole(err) {
		if err := p.adopt(ctx); err != nil {
			return lang.Errorf("take over the private PostgreSQL of an earlier release: %w", err)
		}
		conn, err = pgx.Connect(ctx, p.Address(p.Admin))
	}
	if err != nil {
		return Describe(lang.Errorf("set up the private PostgreSQL: %w", err))
	}
	defer conn.Close(context.WithoutCancel(ctx))
	end, err := sql.Fill("setup/adopt_end.sql", map[string]string{"helper": Quote(p.Helper)})
	if err != nil {
		return err
	}
	script, err := p.Script()
	if err != nil {
		return err
	}
	// one at a time: two would write the same rows of the server's own tables
	for _, statement := range []string{sql.Text("queries/lock_migration.sql"), end, script} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return lang.Errorf("set up the private PostgreSQL: %w", located(err))
		}
	}
	return nil
}

// adopt makes the superuser that owns the ledger its administrator, and hands the
// ledger to a new role of the old name. A session cannot rename its own role, so a
// helper does it.
func (p PrivateRoles) adopt(ctx context.Context) error {
	for _, step := range []struct {
		role, file string
		markers    map[string]string
	}{
		{p.Owner, "setup/adopt_begin.sql", map[string]string{"helper": Quote(p.Helper)}},
		{p.Helper, "setup/adopt.sql", map[string]string{"admin": Quote(p.Admin), "owner": Quote(p.Owner),
			"database": Quote(p.Database)}},
	} {
		statement, err := sql.Fill(step.file, step.markers)
		if err != nil {
			return err
		}
		conn, err := pgx.Connect(ctx, p.Address(step.role))
		if err != nil {
			return Describe(err)
		}
		_, err = conn.Exec(ctx, statement)
		if err := errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
			return located(err)
		}
	}
	return nil
}

// lacksRole reports whether a connection was refused because its role does not exist.
func lacksRole(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == "28000"
}
