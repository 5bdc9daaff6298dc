package main

import (
	"context"
	"fmt"
	"time"

	"yizhan/internal/replica"
)

// scale measures start-up and memory with layers of 1, 5 and 10 million points, each
// alone in a schema that is dropped afterwards.
func (b *bench) scale(ctx context.Context) error {
	if _, err := b.conn.Exec(ctx, "delete from catalog.layer where name like 'bench\\_%'"); err != nil {
		return err
	}
	for _, n := range []int{1_000_000, 5_000_000, 10_000_000} {
		if n > b.points {
			break
		}
		if err := b.scaleTo(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) scaleTo(ctx context.Context, n int) error {
	for _, statement := range []string{
		"drop table if exists city.scale_point",
		"create table city.scale_point (gid bigint primary key, code text not null, kind text not null, geom geometry(Point, 4326) not null)",
		fmt.Sprintf(`insert into city.scale_point select n, 'P' || n, (array['water', 'sewage', 'rain', 'power'])[1 + n %% 4],
			st_setsrid(st_makepoint(112.4 + 0.2 * random(), 32.9 + 0.2 * random()), 4326) from generate_series(1, %d) n`, n),
		"select catalog.publish('city.scale_point', key_column => 'code')",
		"analyze city.scale_point",
	} {
		if _, err := b.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	defer func() {
		ctx := context.WithoutCancel(ctx)
		b.conn.Exec(ctx, "delete from catalog.layer where name = 'scale_point'")
		b.conn.Exec(ctx, "drop table city.scale_point")
	}()
	heapBefore, residentBefore := heap(), resident()
	r := replica.New(replica.Options{Logins: b.ledger.DB().Logins(), Log: b.log})
	following, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	started := time.Now()
	go func() { defer close(done); _ = r.Run(following) }()
	<-r.Loaded()
	took := time.Since(started)
	heapUsed, residentUsed := heap()-heapBefore, resident()-residentBefore
	cancel()
	<-done
	b.add(fmt.Sprintf("%d million points: start and memory", n/1_000_000), fmt.Sprintf("%.1f s, heap %d MiB, resident %d MiB", took.Seconds(), heapUsed>>20, residentUsed>>20), "",
		fmt.Sprintf("%.0f points/s, %.0f bytes/point", float64(n)/took.Seconds(), float64(heapUsed)/float64(n)))
	return nil
}
