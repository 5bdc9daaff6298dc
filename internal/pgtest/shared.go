package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
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
	if dsn := os.Getenv("YIZHAN_TEST_DSN"); dsn != "" {
		return &server{admin: dsn, dsn: func(database string) string { return withDatabase(dsn, database) }, count: new(atomic.Int64)}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	dir := fmt.Sprintf("/tmp/yizhan-test-%d", os.Geteuid())
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
	return &server{admin: private.DSN("postgres"), dsn: private.DSN, count: new(atomic.Int64)}
}

// withDatabase is the address of another database on the same server.
func withDatabase(dsn, database string) string {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		if at, err := url.Parse(dsn); err == nil {
			at.Path = "/" + database
			return at.String()
		}
	}
	return dsn + " dbname=" + database
}
