package replica_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Four writers send thousands of mixed statements at once, some of them in
// transactions that stay open or roll back; when they are done the replica must
// equal the tables.
func TestReplicaEqualsTheTablesAfterRandomStatements(t *testing.T) {
	t.Parallel()
	const writers, statements = 4, 700
	dsn := database(t)
	r, _ := follow(t, dsn)
	start := seed(t)
	var group sync.WaitGroup
	for w := range writers {
		conn := connect(t, dsn)
		random := rand.New(rand.NewPCG(start, uint64(w)))
		group.Go(func() {
			if err := write(context.Background(), conn, random, w, statements); err != nil {
				t.Errorf("writer %d: %v", w, err)
			}
		})
	}
	group.Wait()
	conn := connect(t, dsn)
	eventuallyEqual(t, r, conn, "station", stationColumns)
	eventuallyEqual(t, r, conn, "manhole", manholeColumns)
	t.Logf("%d stations and %d manholes are left", r.State().Layers["station"].Len(), r.State().Layers["manhole"].Len())
}

// write sends random statements, grouped into transactions of one to five.
func write(ctx context.Context, conn *pgx.Conn, random *rand.Rand, writer, statements int) error {
	for n := 0; n < statements; {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		for range 1 + random.IntN(5) {
			n++
			if _, err := tx.Exec(ctx, statement(random, writer, n)); err != nil {
				return err
			}
		}
		if random.IntN(6) == 0 {
			err = tx.Rollback(ctx)
		} else {
			err = tx.Commit(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// statement makes one change to rows of the writer's own, so that writers never deadlock.
func statement(random *rand.Rand, writer, n int) string {
	mine := fmt.Sprintf("code like 'W%d-%%'", writer)
	place := fmt.Sprintf("st_setsrid(st_makepoint(%f, %f), 4326)", 112+random.Float64(), 32.5+random.Float64())
	some := fmt.Sprintf("%s and gid %% 5 = %d", mine, random.IntN(5))
	switch random.IntN(8) {
	case 0, 1:
		return fmt.Sprintf("insert into city.station (code, name, status, geom) values ('W%d-%d', '站', 'open', %s)",
			writer, n, place)
	case 2, 3:
		return fmt.Sprintf(
			"insert into city.manhole (code, utility, condition, geom) select 'W%d-%d-' || i, 'rain', 'intact', %s "+
				"from generate_series(1, %d) i",
			writer, n, place, 1+random.IntN(20))
	case 4:
		return fmt.Sprintf("update city.station set geom = %s where %s", place, some)
	case 5:
		return fmt.Sprintf("update city.manhole set condition = 'damaged', diameter_mm = %d where %s", 500+n, some)
	case 6:
		return "delete from city.station where " + some
	default:
		return "delete from city.manhole where " + some
	}
}
