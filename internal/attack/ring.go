package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// nestedAreas are the pairs of areas of a station of which one lies within the other:
// its circles, and what was drawn by hand.
const nestedAreas = `
with areas as (
	select s.code, 'circle' as area, r.radius, st_buffer(s.geom::geography, r.radius, 90)::geometry as geom
	from city.station s, (values (500), (1000), (1500)) as r(radius)
	union all
	select s.code, 'catchment', 1000, st_union(c.geom)
	from city.station s join city.catchment c on c.station = s.code and c.kind = 'drawn' group by s.code
)
select a.code, a.area, a.radius, b.area, b.radius
from areas a join areas b on b.code = a.code and (a.area, a.radius) <> (b.area, b.radius) and st_covers(b.geom, a.geom)
order by 1, 2, 3, 4, 5`

// asked is one question that was answered: who works in which area.
type asked struct {
	station, area string
	radius        int
}

// ringAttack is tried on a siege.
type ringAttack struct{ *siege }

// nestedCounts asks for every area of every station and subtracts. Counts by circles
// were exact, and two of them counted the ring between: 55 rings of the sample city had
// one to four persons by that.
func (s ringAttack) nestedCounts(ctx context.Context) error {
	type pair struct{ inner, outer asked }
	var pairs []pair
	err := s.asOwner(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, nestedAreas)
		if err != nil {
			return err
		}
		pairs, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p pair, err error) {
			err = row.Scan(&p.inner.station, &p.inner.area, &p.inner.radius, &p.outer.area, &p.outer.radius)
			p.outer.station = p.inner.station
			return p, err
		})
		return err
	})
	if err != nil {
		return err
	}
	answers := map[asked]counts{}
	var between, alone verdictOnCounts
	refused := 0
	for _, p := range pairs {
		for _, q := range []asked{p.inner, p.outer} {
			if _, known := answers[q]; known {
				continue
			}
			a, err := s.question(ctx, "members_within", "station", q.station, "radius_m", fmt.Sprint(q.radius), "area", q.area)
			if err != nil {
				return err
			}
			answers[q] = nil
			if !a.ok() {
				refused++
				continue
			}
			if answers[q], err = readCounts(a.body); err != nil {
				return err
			}
			alone.addAlone(answers[q])
		}
		between.addPair(answers[p.inner], answers[p.outer])
	}
	if between.pairs == 0 {
		return fmt.Errorf("%d of %d areas were refused, and nothing can be subtracted", refused, len(answers))
	}
	s.report(fmt.Sprintf("members_within for %d areas, %d differences of areas that lie within each other", len(answers), between.pairs),
		"every difference open over five values or more",
		fmt.Sprintf("%d are an exact number of one to four, %d are narrower than five values; %d areas refused", between.few, between.narrow, refused), between.narrow == 0)
	s.report(fmt.Sprintf("%d hidden figures, worked out from the totals", alone.pairs), "none known",
		fmt.Sprintf("%d are an exact number of one to four, %d are narrower than five values", alone.few, alone.narrow), alone.narrow == 0)
	return nil
}
