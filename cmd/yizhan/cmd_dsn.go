package main

import (
	"yizhan/internal/cluster"
)

type dsnCommand struct {
	Data string `help:"Folder of the private PostgreSQL (default: ${default_data})." env:"YIZHAN_DATA" type:"path" placeholder:"DIR"`
	URL  bool   `name:"url" help:"Print the URL only, for scripts."`
	Role string `help:"Role to connect as: owner (of the ledger), reader (public data only) or admin (superuser)." enum:"owner,reader,admin" default:"owner"`
}

// Run prints the address of the running private PostgreSQL in the forms that clients take.
func (c *dsnCommand) Run(t terminal) error {
	role := map[string]string{"owner": cluster.Owner, "reader": cluster.Reader, "admin": cluster.Admin}[c.Role]
	at, err := cluster.Find(c.Data, role)
	if err != nil {
		return err
	}
	if c.URL {
		say(at.URL)
		return nil
	}
	say("psql       psql '" + at.URL + "'")
	say("ogr2ogr    ogrinfo 'PG:" + at.Keywords + "'")
	t.sayf("QGIS       Layer > Add PostGIS layer > New: host %s, port %d, database %s, user %s, no password",
		at.Host, at.Port, at.Database, at.User)
	return nil
}
