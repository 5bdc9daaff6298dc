package sample

import (
	"context"
	"time"

	"yizhan/geo"
)

// city is everything that the layers are written from.
type city struct {
	seed      uint64
	divisions []division
	towns     []*town // the central city first
	streets   []*street
	walls     []wall
	stations  []station
	greens    []green

	organisations []organisation
	members       []member
	manholes      []manhole
}

// today is the day on which the sample city stands still: two weeks after the first
// batch of walls was due.
func today() time.Time {
	return time.Date(2021, 7, 15, 0, 0, 0, 0, geo.CityTime())
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func build(ctx context.Context, seed uint64) (*city, error) {
	c := &city{seed: seed}
	steps := []func(){
		func() { c.divisions = makeDivisions(seed) },
		c.makeStreets,
		c.makeWalls,
		c.makeStations,
		c.makeGreens,
		c.makeOrganisations,
		c.makeMembers,
		c.makeManholes,
	}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step()
	}
	return c, nil
}
