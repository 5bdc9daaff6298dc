package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"yizhan/internal/cluster"
)

type dsnCommand struct {
	Data string `help:"Folder of the private PostgreSQL (default: ${default_data})." env:"YIZHAN_DATA" type:"path" placeholder:"DIR"`
	URL  bool   `name:"url" help:"Print the URL alone, for scripts."`
	Role string `help:"Whose address: owner of the ledger, reader of what is public, or admin, the superuser." enum:"owner,reader,admin" default:"owner"`
}

// Run prints the address of the running private PostgreSQL in the forms that clients take.
func (c *dsnCommand) Run(ctx context.Context, log *slog.Logger) error {
	role := map[string]string{"owner": cluster.Owner, "reader": cluster.Reader, "admin": cluster.Admin}[c.Role]
	at, err := cluster.Find(c.Data, role)
	if err != nil {
		return err
	}
	if c.URL {
		say("%s", at.URL)
		return nil
	}
	fmt.Fprintf(people(os.Stdout), `psql       psql '%s'
ogr2ogr    ogrinfo 'PG:%s'
QGIS       Layer > Add PostGIS layer > New: host %s, port %d, database %s, user %s, no password
`, at.URL, at.Keywords, at.Host, at.Port, at.Database, at.User)
	return nil
}
