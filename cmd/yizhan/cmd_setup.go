package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
)

type setupCommand struct {
	PrintSQL  bool   `name:"print-sql" help:"Print the SQL; nothing is run." required:""`
	Database  string `help:"Database name." default:"yizhan"`
	Owner     string `help:"Role that owns the ledger." default:"yizhan"`
	Reader    string `help:"Role that serves the map and questions." default:"yizhan_reader"`
	Passwords bool   `help:"Give both roles new random passwords, printed in comments; otherwise they log in by peer or certificate authentication." negatable:"" default:"true"`
}

func (c *setupCommand) Help() string {
	return `Prints SQL for an administrator to run once, as a superuser, on your own PostgreSQL. Afterwards the ledger needs
neither a superuser nor the right to create roles. Running it again is harmless, but sets new passwords.

Example:
  createdb yizhan
  yizhan setup --print-sql > setup.sql     (keep it private: it contains the passwords)
  psql -d yizhan -v ON_ERROR_STOP=1 -f setup.sql
  yizhan serve --dsn postgres://yizhan@127.0.0.1/yizhan`
}

// Run prints the set-up.
func (c *setupCommand) Run(ctx context.Context) error {
	if c.Owner == c.Reader || c.Owner == "postgres" {
		return lang.Errorf("--owner %s: choose a role other than the reader and the superuser: %w", c.Owner, geo.ErrInvalid)
	}
	names := pg.SetupNames{Owner: c.Owner, Reader: c.Reader, Database: c.Database}
	script, err := names.Script()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(exactOut(), "-- Run as a superuser, connected to the database %s.\n\n%s", c.Database, script); err != nil {
		return err
	}
	if !c.Passwords {
		return nil
	}
	owner, reader := rand.Text(), rand.Text()
	passwords, err := names.Passwords(owner, reader)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(exactOut(), `
-- The server keeps only verifiers. For ~/.pgpass (mode 0600) of the account that runs yizhan:
--   *:*:%[1]s:%[2]s:%[3]s
--   *:*:%[1]s:%[4]s:%[5]s
%[6]s`, c.Database, c.Owner, owner, c.Reader, reader, passwords)
	return err
}
