package pg

import (
	"path/filepath"

	"github.com/jackc/pgx/v5/pgconn"
)

// SocketFolder is the folder of the unix socket that a DSN speaks of, "" for one of TCP.
func SocketFolder(dsn string) string {
	config, err := pgconn.ParseConfig(dsn)
	if err != nil || !filepath.IsAbs(config.Host) {
		return "" // whoever connects says what is wrong with it
	}
	return config.Host
}
