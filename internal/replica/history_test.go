package replica_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
)

// historyBench is a ledger with its replica, and the pasts of it.
type historyBench struct {
	conn    *pgx.Conn
	replica *replica.Replica
	history *replica.History
	ledger  *ledger.Ledger
}

func lookBack(t *testing.T) *historyBench {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	dsn := database(t)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.Open(ctx, pg.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	r := replica.New(replica.Options{Logins: pg.Logins{Owner: dsn}, Log: slog.New(slog.DiscardHandler)})
	done := make(chan struct{})
	go func() { defer close(done); _ = r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
		s.Close()
		_ = conn.Close(context.Background())
	})
	<-r.Loaded()
	return &historyBench{conn: conn, replica: r, history: replica.NewHistory(s, turns(), func() int { return 0 }),
		ledger: s}
}

// turns lets one at a time look back, with room for as many as ask.
func turns() *queue.Queue {
	return queue.New(queue.Limits{Work: lang.Label{EN: "looking back"}, AtOnce: 1, Waiting: 1000})
}

func (b *historyBench) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := b.conn.Exec(context.Background(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// now is the ledger's clock.
func (b *historyBench) now(t *testing.T) (at time.Time) {
	t.Helper()
	if err := b.conn.QueryRow(context.Background(), "select clock_timestamp()").Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at
}

// layer waits until the replica has all that was committed.
func (b *historyBench) layer(t *testing.T, name geo.LayerName) *index.Collection {
	t.Helper()
	var token string
	if err := b.conn.QueryRow(context.Background(), "select pg_current_snapshot()::text").Scan(&token); err != nil {
		t.Fatal(err)
	}
	version, err := replica.ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.replica.WaitFor(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	return b.replica.State().Layers[name]
}

// rows is what a collection holds, by id.
func rows(c *index.Collection) map[int64]string {
	held := map[int64]string{}
	c.Each(func(id int64, g orb.Geometry, values []any) bool {
		held[id] = fmt.Sprint(g, values)
		return true
	})
	return held
}

// Whatever was done to a layer, its past at any instant is what it was then, and
// the difference of two instants is that of what it was.
func TestThePastIsWhatWasThere(t *testing.T) {
	t.Parallel()
	b := lookBack(t)
	r := rand.New(rand.NewPCG(seed(t), 1))
	type moment struct {
		at   time.Time
		held map[int64]string
	}
	b.exec(t,
		"insert into city.manhole (code, utility, condition, owner_known, geom) select 'M' || n, 'sewage', 'intact', "+
			"true, st_setsrid(st_makepoint(112.5 + n * 0.0001, 33), 4326) from generate_series(1, 40) n")
	var moments []moment
	for step := range 25 {
		switch code := fmt.Sprint("M", 1+r.IntN(50)); r.IntN(6) {
		case 0:
			b.exec(t, "delete from city.manhole where code = $1", code)
		case 1:
			b.exec(t,
				"insert into city.manhole (code, utility, condition, owner_known, geom) values ($1, 'rain', "+
					"'damaged', false, 'SRID=4326;POINT(112.6 33)') on conflict (code) do nothing", code)
		case 2:
			b.exec(t, "update city.manhole set geom = st_translate(geom, 0.001, 0) where code >= $1", code)
		case 3:
			b.exec(t,
				"begin; update city.manhole set condition = 'missing' where code = 'M7'; update city.manhole set "+
					"condition = 'damaged' where code <= 'M3'; commit")
		case 4:
			b.exec(t, "delete from city.manhole where code = '"+code+"'")
			b.exec(t,
				"insert into city.manhole (gid, code, utility, condition, owner_known, geom) overriding system value "+
					"values ($1, $2, 'gas', 'intact', true, 'SRID=4326;POINT(112.7 33)') on conflict do nothing",
				100_000+step%3, fmt.Sprint("G", step))
		default:
			if step == 12 {
				b.exec(t, "truncate city.manhole")
			}
			b.exec(t, "update city.manhole set utility = 'power' where code = $1", code)
		}
		moments = append(moments, moment{b.now(t), rows(b.layer(t, "manhole"))})
	}
	for i, m := range moments {
		past, err := b.history.AsOf(t.Context(), "", b.layer(t, "manhole"), m.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := rows(past); !reflect.DeepEqual(got, m.held) {
			t.Fatalf("moment %d: %d rows, want %d:\n%v\n%v", i, len(got), len(m.held), got, m.held)
		}
		other := moments[r.IntN(len(moments))]
		if !other.at.After(m.at) {
			continue
		}
		between, err := b.history.Between(t.Context(), "", b.layer(t, "manhole"), m.at, other.at)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := rows(between), difference(m.held, other.held); !reflect.DeepEqual(got, want) {
			t.Fatalf("between: %v\nwant %v", got, want)
		}
	}
}

// difference is what a collection of differences must hold.
func difference(from, to map[int64]string) map[int64]string {
	differing := map[int64]string{}
	as := func(row, change string) string { return strings.TrimSuffix(row, "]") + " " + change + "]" }
	for id, row := range to {
		if old, was := from[id]; !was {
			differing[id] = as(row, "added")
		} else if old != row {
			differing[id] = as(row, "changed")
		}
	}
	for id, row := range from {
		if _, is := to[id]; !is {
			differing[id] = as(row, "removed")
		}
	}
	return differing
}

func TestThePastBeforeTheJournalIsNotMadeUp(t *testing.T) {
	t.Parallel()
	b := lookBack(t)
	if _, err := b.history.AsOf(t.Context(), "", b.layer(t, "manhole"), time.Now().Add(-time.Hour)); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("a layer without history: %v", err)
	}
	b.exec(t,
		"insert into city.manhole (code, utility, condition, owner_known, geom) values ('M1', 'rain', 'damaged', "+
			"false, 'SRID=4326;POINT(112.6 33)')")
	if _, err := b.history.AsOf(t.Context(), "", b.layer(t, "manhole"), time.Now().Add(-time.Hour)); !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), "starts at") {
		t.Errorf("before its history: %v", err)
	}
}

// The public role gets no column of a former row that tiles do not carry, and
// nothing at all of persons.
func TestThePastShowsNoMoreThanThePresent(t *testing.T) {
	t.Parallel()
	b := lookBack(t)
	b.exec(t, "update catalog.field set min_zoom = null where layer = 'manhole' and name = 'cover_material'")
	b.exec(t,
		"insert into city.manhole (code, utility, condition, owner_known, cover_material, geom) values ('M1', "+
			"'rain', 'damaged', false, 'cast_iron', 'SRID=4326;POINT(112.6 33)')")
	b.exec(t,
		"insert into personal.member (code, trade, organisation, geom) values ('CANARY', 'sanitation', 'x', "+
			"'SRID=4326;POINT(112.7 33.1)')")
	before := b.now(t)
	b.exec(t, "delete from city.manhole")
	b.exec(t, "delete from personal.member")
	reader, err := pg.ConnectReader(t.Context(), pg.Logins{Owner: b.conn.Config().ConnString()}, "test")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close(context.WithoutCancel(t.Context()))
	var manholes, persons string
	err = reader.QueryRow(t.Context(), `select (select coalesce(string_agg(image::text, ''), '') from journal.past('manhole', $1)),
		(select coalesce(string_agg(image::text, ''), '') from journal.past('member', $1))`, before).Scan(&manholes, &persons)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(manholes, "M1") || strings.Contains(manholes, "cast_iron") || persons != "" {
		t.Errorf("the past shows %s and %s", manholes, persons)
	}
}

func TestInstantsAreReadAsTheCitySaysThem(t *testing.T) {
	for text, want := range map[string]string{
		"2024-05-01":                "2024-05-01T15:59:59.999999Z",
		"2024-05-01T08:00:00+08:00": "2024-05-01T00:00:00Z",
		"2024-05-01T08:00:00Z":      "2024-05-01T08:00:00Z",
		"2024-05-01T08:00:00.9Z":    "2024-05-01T08:00:00Z",
		// what stands for a day is read again as that day
		"2024-05-01T15:59:59.999999Z": "2024-05-01T15:59:59.999999Z",
	} {
		if got, err := replica.ParseInstant(text); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for _, wrong := range []string{"", "yesterday", "2024-13-01", "01.05.2024"} {
		if _, err := replica.ParseInstant(wrong); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
