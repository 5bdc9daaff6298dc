package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
)

// floodsAttack is tried on a siege.
type floodsAttack struct{ *siege }

// makeHistory edits manholes over and over, in many small transactions, and returns
// when that began and the snapshot of that moment.
func (s floodsAttack) makeHistory(ctx context.Context) (since time.Time, snapshot string, err error) {
	err = s.asOwner(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "update city.manhole set surveyed_at = surveyed_at where gid = 1")
		if err != nil {
			return err
		}
		if err := conn.QueryRow(ctx, "select clock_timestamp(), pg_current_snapshot()::text").Scan(&since, &snapshot); err != nil {
			return err
		}
		for n := range 400 {
			if _, err := conn.Exec(ctx, "update city.manhole set surveyed_at = coalesce(surveyed_at, date '2021-01-01') + 1 where gid % 45 = $1 and gid <= 9000", n%45); err != nil {
				return err
			}
		}
		return nil
	})
	return since, snapshot, err
}

// floodOfPasts asks for tiles as they were at moments that nobody has asked for. Each
// was made again, inside the places for drawing.
func (s floodsAttack) floodOfPasts(ctx context.Context) error {
	since, _, err := s.makeHistory(ctx)
	if err != nil {
		return err
	}
	return s.storm(ctx, "32 clients ask for the past, each time at another moment", asking(func(r *rand.Rand) string {
		at := since.Add(time.Duration(r.Int64N(int64(time.Since(since)))))
		moment := url.QueryEscape(at.Format(time.RFC3339Nano))
		query := "as_of=" + moment
		if r.IntN(3) == 0 {
			query = "from=" + moment
		}
		return fmt.Sprintf("/tiles/manhole/14/%d/%d.mvt?%s", 13311+r.IntN(5), 6597+r.IntN(5), query)
	}), nil)
}

// floodOfChanges asks what changed since long ago. Each answer was made from the
// journal, on the connections that imports need.
func (s floodsAttack) floodOfChanges(ctx context.Context) error {
	_, snapshot, err := s.makeHistory(ctx)
	if err != nil {
		return err
	}
	path := "/changes?since=" + url.QueryEscape(snapshot)
	if err := s.afresh(ctx); err != nil { // so that the journal is needed
		return err
	}
	alone, err := s.importTime(ctx)
	if err != nil {
		return err
	}
	return s.storm(ctx, "32 clients ask what changed since an old snapshot", asking(func(*rand.Rand) string { return path }),
		func(ctx context.Context) error {
			flooded, err := s.importTime(ctx)
			if err != nil {
				return fmt.Errorf("an import during the flood: %w", err)
			}
			ratio := flooded.Seconds() / alone.Seconds()
			s.report("POST /imports of fifty stations during that flood", fmt.Sprintf("≤ %.0f×", slowestAllowed),
				fmt.Sprintf("%.2f → %.2f s (%.1f×)", alone.Seconds(), flooded.Seconds(), ratio), ratio <= slowestAllowed)
			return nil
		})
}

// importTime is the median of three previews of a small file.
func (s floodsAttack) importTime(ctx context.Context) (time.Duration, error) {
	var took []time.Duration
	for n := range 3 {
		began := time.Now()
		a, err := s.upload(ctx, "station", "timed.csv", stationsFile(fmt.Sprintf("AT-T%d", n), 112.53, 33, 0.001, 0, 50))
		if err != nil {
			return 0, err
		}
		if a.status != http.StatusCreated {
			return 0, errors.New(a.brief())
		}
		took = append(took, time.Since(began))
		var told struct{ ID int64 }
		if err := json.Unmarshal(a.body, &told); err != nil {
			return 0, err
		}
		if _, err := s.write(ctx, http.MethodDelete, fmt.Sprintf("/imports/%d", told.ID), nil); err != nil {
			return 0, err
		}
	}
	return percentile(took, 50), nil
}

// floodOfResumes has clients come back to /events with an old id, again and again.
func (s floodsAttack) floodOfResumes(ctx context.Context) error {
	_, snapshot, err := s.makeHistory(ctx)
	if err != nil {
		return err
	}
	return s.storm(ctx, "32 clients come back to /events from an old snapshot, over and over", func(ctx context.Context, c *client, _ *rand.Rand) (int, error) {
		defer c.close()
		return c.follow(ctx, "Last-Event-ID: "+snapshot)
	}, nil)
}

// floodOfExplains asks what large tiles are made of. That was done at once for
// everybody: 300 connections took 510 MB.
func (s floodsAttack) floodOfExplains(ctx context.Context) error {
	if err := s.storm(ctx, "32 clients ask for explanations of tiles", asking(func(r *rand.Rand) string {
		z := 10 + r.IntN(4)
		lon, lat := 112.45+0.16*r.Float64(), 32.93+0.14*r.Float64()
		x, y := tileAt(lon, lat, z)
		return fmt.Sprintf("/tiles/%s,complaint,organisation,catchment,admin_area/%d/%d/%d/explain", drawnByVictims, z, x, y)
	}), nil); err != nil {
		return err
	}
	return s.manyExplains(ctx)
}

// floodOfAsks asks questions.
func (s floodsAttack) floodOfAsks(ctx context.Context) error {
	return s.storm(ctx, "32 clients ask questions", asking(func(r *rand.Rand) string {
		station := fmt.Sprintf("ST-%03d", 1+r.IntN(40))
		switch r.IntN(3) {
		case 0:
			return "/ask/members_within?radius_m=1500&station=" + station
		case 1:
			return fmt.Sprintf("/ask/nearest_stations?lon=%f&lat=%f&count=20", 112.4+r.Float64()/5, 32.9+r.Float64()/5)
		}
		return "/ask/wall_progress"
	}), nil)
}
