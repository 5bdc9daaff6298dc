package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"yizhan/internal/cluster"
)

// shared is this process's share in the server of all tests: one, for as long as
// the process lives, because nobody tells a package of its last test.
var shared = sync.OnceValues(openShared)

// idleSeconds is how long the shared server waits for another test process.
const idleSeconds = 30

// fast are settings for data that nobody will miss.
func fast() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"full_page_writes":   "off",
		"synchronous_commit": "off",
		"autovacuum":         "off",
		"max_connections":    "300",
		"shared_buffers":     "128MB",
		"max_wal_size":       "1GB",
	}
}

func openShared() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	dir := fmt.Sprintf("/tmp/yizhan-pgtest-%d", os.Geteuid())
	private, err := cluster.Open(ctx, cluster.Options{Dir: dir, Settings: fast()})
	if err != nil {
		return nil, err
	}
	if err := watch(dir, idleSeconds); err != nil {
		return nil, err
	}
	return serverOf(private), nil
}

func serverOf(private *cluster.Cluster) *server {
	as := func(role string) func(string) string {
		return func(database string) string { return private.DSN(database, role) }
	}
	return &server{admin: as(cluster.Admin), owner: as(cluster.Owner), count: new(atomic.Int64)}
}
