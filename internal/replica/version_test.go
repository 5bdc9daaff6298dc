package replica_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/replica"
)

// anySnapshot is a snapshot around transaction 1000, as text.
func anySnapshot(r *rand.Rand) string {
	xmin := 990 + r.IntN(20)
	xmax := xmin + r.IntN(10)
	var running []string
	for n := xmin; n < xmax; n++ {
		if n == xmin || r.IntN(2) == 0 {
			running = append(running, fmt.Sprint(n))
		}
	}
	return fmt.Sprintf("%d:%d:%s", xmin, xmax, strings.Join(running, ","))
}

// Tokens cover each other as PostgreSQL's own snapshots do.
func TestTokensCoverWhatPostgresSees(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	const seed = 411300
	r := rand.New(rand.NewPCG(seed, 1))
	for range 400 {
		a, b := anySnapshot(r), anySnapshot(r)
		one := uint64(985 + r.IntN(35))
		var sees, all bool
		err := conn.QueryRow(ctx, `select pg_visible_in_snapshot($1::text::xid8, $2::pg_snapshot),
			not exists (select from generate_series(1, 2000) n
				where pg_visible_in_snapshot(n::text::xid8, $3::pg_snapshot) and not pg_visible_in_snapshot(n::text::xid8, $2::pg_snapshot))`,
			fmt.Sprint(one), a, b).Scan(&sees, &all)
		if err != nil {
			t.Fatal(err)
		}
		if got := token(t, a).Covers(token(t, fmt.Sprint(one))); got != sees {
			t.Errorf("seed %d: %s covers %d: %v, want %v", seed, a, one, got, sees)
		}
		if got := token(t, a).Covers(token(t, b)); got != all {
			t.Errorf("seed %d: %s covers %s: %v, want %v", seed, a, b, got, all)
		}
	}
}

func token(t *testing.T, text string) replica.Token {
	t.Helper()
	k, err := replica.ParseToken(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{"745", "745:747:745,746", "7:7:", "0", "::", "9:5:", "1:18446744073709551615:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := replica.ParseToken(s)
		if err != nil {
			return
		}
		if k.String() != s || !k.Covers(k) && !slices.Contains([]string{"", s}, k.Snapshot()) {
			t.Errorf("%q became %q", s, k)
		}
	})
}
