package replica_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"yizhan/geo"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
	"yizhan/internal/replica"
)

// patience is how long a change may take to arrive before a test gives up on it.
const patience = 20 * time.Second

// follow starts a replica of the ledger and stops it with the test.
func follow(t *testing.T, dsn string) (*replica.Replica, *changes) {
	t.Helper()
	seen := &changes{}
	r := replica.New(replica.Options{Logins: pg.Logins{Owner: dsn}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Changed: seen.add})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = r.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	select {
	case <-r.Loaded():
	case <-time.After(patience):
		t.Fatal("the replica did not load")
	}
	return r, seen
}

// changes collects what a replica announced.
type changes struct {
	mu   sync.Mutex
	list []replica.Change
}

func (c *changes) add(change replica.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, change)
}

func (c *changes) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.list)
}

// connect opens a writer.
func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// must runs statements in turn.
func must(t *testing.T, q interface {
	Exec(context.Context, string, ...any) (tag, error)
}, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := q.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// eventuallyEqual waits until the replica's layer equals the table.
func eventuallyEqual(t *testing.T, r *replica.Replica, conn *pgx.Conn, layer geo.LayerName, columns string) {
	t.Helper()
	var difference string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if difference = differs(t, r, conn, layer, columns); difference == "" {
			return
		}
	}
	t.Fatalf("layer %s: %s", layer, difference)
}

// differs compares a layer with its table, feature by feature: columns are those
// that the replica holds, as text.
func differs(t *testing.T, r *replica.Replica, conn *pgx.Conn, layer geo.LayerName, columns string) string {
	t.Helper()
	collection := r.State().Layers[layer]
	if collection == nil {
		return "is not in the replica"
	}
	type feature struct {
		geometry orb.Geometry
		values   string
	}
	held := map[int64]feature{}
	collection.Each(func(id int64, g orb.Geometry, values []any) bool {
		held[id] = feature{g, fmt.Sprint(values...)}
		return true
	})
	rows, err := conn.Query(context.Background(), "select gid, st_asewkb(geom), "+columns+" from city."+string(layer))
	if err != nil {
		return err.Error()
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		count++
		row, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		id := row[0].(int64)
		have, present := held[id]
		if !present {
			return fmt.Sprintf("feature %d is missing", id)
		}
		if values := fmt.Sprint(row[2:]...); values != have.values {
			return fmt.Sprintf("feature %d: the table has %s, the replica %s", id, values, have.values)
		}
		var g orb.Geometry
		if wkb, drawn := row[1].([]byte); drawn {
			if g, _, err = ewkb.Unmarshal(wkb); err != nil {
				t.Fatal(err)
			}
		}
		if !near(g, have.geometry) {
			return fmt.Sprintf("feature %d: the table has %v, the replica %v", id, g, have.geometry)
		}
	}
	if count != len(held) {
		return fmt.Sprintf("the table has %d features, the replica %d", count, len(held))
	}
	return ""
}

// near compares bounds within a centimetre or so.
func near(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	p, q := a.Bound(), b.Bound()
	for i := range 2 {
		if math.Abs(p.Min[i]-q.Min[i]) > 3e-7 || math.Abs(p.Max[i]-q.Max[i]) > 3e-7 {
			return false
		}
	}
	return true
}

// seed is printed, and taken from SEED to repeat a run.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if given := os.Getenv("SEED"); given != "" {
		parsed, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		n = parsed
	}
	t.Logf("seed: SEED=%d", n)
	return n
}

// database is one of the test's own with the schema of the service.
func database(t *testing.T) string { return pgtest.Ledger(t) }
