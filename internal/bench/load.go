package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yizhan/geo"
)

// fill makes the tables of the city and publishes them as layers.
func fill(ctx context.Context, conn *pgx.Conn) error {
	for _, t := range cityTables() {
		started := time.Now()
		if _, err := conn.Exec(ctx, createTable("city", t)); err != nil {
			return fmt.Errorf("make %s: %w", t.name, err)
		}
		if err := copyRows(ctx, conn, "city", t); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "select catalog.publish($1::text::regclass, key_column => 'code', point_zoom => 14, max_zoom => 18)", "city."+t.name); err != nil {
			return fmt.Errorf("publish %s: %w", t.name, err)
		}
		// codes are for close zooms only, as the built-in layers have it
		if _, err := conn.Exec(ctx, "update catalog.field set min_zoom = 16 where layer = $1 and name in ('code', 'diameter_mm', 'floors')", t.name); err != nil {
			return fmt.Errorf("describe %s: %w", t.name, err)
		}
		if _, err := conn.Exec(ctx, "vacuum analyze city."+t.name); err != nil {
			return fmt.Errorf("analyze %s: %w", t.name, err)
		}
		note("%s: %d rows in %.1f s", t.name, t.rows, time.Since(started).Seconds())
	}
	return nil
}

func createTable(schema string, t table) string {
	return fmt.Sprintf("create table %s.%s (gid bigint generated always as identity primary key, %s, geom geometry(%s,4326) not null)",
		schema, t.name, t.columns, t.kind)
}

func columnNames(t table) []string {
	var names []string
	for column := range strings.SplitSeq(t.columns, ", ") {
		names = append(names, strings.Fields(column)[0])
	}
	return names
}

// copyRows sends a table's rows by COPY in binary form.
func copyRows(ctx context.Context, conn *pgx.Conn, schema string, t table) error {
	r := rand.New(rand.NewPCG(citySeed, uint64(t.rows)))
	i := 0
	source := pgx.CopyFromFunc(func() ([]any, error) {
		if i == t.rows {
			return nil, nil
		}
		values, geometry := t.row(r, i)
		i++
		return append(values, geometry), nil
	})
	_, err := conn.CopyFrom(ctx, pgx.Identifier{schema, t.name}, append(columnNames(t), "geom"), source)
	if err != nil {
		return fmt.Errorf("fill %s: %w", t.name, err)
	}
	return nil
}

// registerGeometry teaches a connection to send geometries in binary form.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid uint32
	if err := conn.QueryRow(ctx, "select 'geometry'::regtype::oid").Scan(&oid); err != nil {
		return err
	}
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: oid, Codec: pgtype.ByteaCodec{}})
	return nil
}

func float(b []byte) float64 {
	var bits uint64
	for i := 7; i >= 0; i-- {
		bits = bits<<8 | uint64(b[i])
	}
	return math.Float64frombits(bits)
}

// addresses lists the tiles of a zoom that lie in the city, in a shuffled but fixed order.
func addresses(z uint8, most int) []geo.Tile {
	n := math.Exp2(float64(z))
	column := func(lon float64) uint32 { return uint32((lon + 180) / 360 * n) }
	row := func(lat float64) uint32 {
		s := math.Sin(lat * math.Pi / 180)
		return uint32((0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n)
	}
	var all []geo.Tile
	for x := column(cityWest + 1e-9); x <= column(cityWest+cityWidth-1e-9); x++ {
		for y := row(citySouth + cityHeight); y <= row(citySouth); y++ {
			all = append(all, geo.Tile{Z: z, X: x, Y: y})
		}
	}
	r := rand.New(rand.NewPCG(citySeed, uint64(z)))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), most)]
}

func note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "  "+format+"\n", args...)
}
