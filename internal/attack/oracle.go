package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
)

// oracleStations and the metres between them.
const oracleStations, oracleStep = 480, 5.0

// stationsFile is a survey of stations in a row from a place on, by so many degrees each.
func stationsFile(prefix string, lon, lat, east, north float64, n int) []byte {
	var b strings.Builder
	b.WriteString("code,name,status,lon,lat,radius_m\n")
	for i := range n {
		fmt.Fprintf(&b, "%s-%03d,试,open,%.7f,%.7f,1000\n", prefix, i, lon+float64(i)*east, lat+float64(i)*north)
	}
	return []byte(b.String())
}

// oracleAttack is tried on a siege.
type oracleAttack struct{ *siege }

// stationsAsOracle imports stations wherever it likes and has members counted around
// them. Whoever may import stations found persons to 15 metres in that way: a count
// that changes from one station to the next says that somebody works on a line.
func (s oracleAttack) stationsAsOracle(ctx context.Context) error {
	lon, lat, err := s.place(ctx, "ST-001")
	if err != nil {
		return err
	}
	metre := 1 / (111320 * math.Cos(lat*math.Pi/180)) // of longitude, in degrees
	east := oracleStep * metre
	batch, err := s.imported(ctx, "station", "oracle.csv", stationsFile("AT-O", lon-east*oracleStations/2, lat, east, 0, oracleStations))
	if err != nil {
		return err
	}
	return errors.Join(s.rowOfStations(ctx), s.undo(ctx, batch), s.movedStation(ctx, lon+300*metre, lat), s.drawnAround(ctx, lon, lat))
}

// rowOfStations asks each and counts the steps that tell of one person.
func (s oracleAttack) rowOfStations(ctx context.Context) error {
	answered, steps := 0, 0
	var last counts
	for i := range oracleStations {
		a, err := s.question(ctx, "members_within", "station", fmt.Sprintf("AT-O-%03d", i), "radius_m", "500")
		if err != nil {
			return err
		}
		if !a.ok() {
			last = nil
			continue
		}
		answered++
		here, err := readCounts(a.body)
		if err != nil {
			return err
		}
		for trade, now := range here {
			before, known := last[trade]
			if known && now.width() == 1 && before.width() == 1 && (now.least-before.least == 1 || before.least-now.least == 1) {
				steps++
			}
		}
		last = here
	}
	s.report(fmt.Sprintf("%d imported stations, %.0f m apart, each asked for its members", oracleStations, oracleStep), "none answers before its place is confirmed",
		fmt.Sprintf("%d answered; %d steps of exactly one person, each on a line of %.0f m", answered, steps, oracleStep), answered == 0)
	return nil
}

// movedStation moves a station of the sample city, which was confirmed where it stood.
func (s oracleAttack) movedStation(ctx context.Context, lon, lat float64) error {
	file := strings.Replace(string(stationsFile("ST", lon, lat, 0, 0, 1)), "ST-000", "ST-001", 1)
	batch, err := s.imported(ctx, "station", "moved.csv", []byte(file))
	if err != nil {
		return err
	}
	a, err := s.question(ctx, "members_within", "station", "ST-001")
	if err != nil {
		return err
	}
	s.report("a confirmed station is moved by an import, and asked", "no answer", a.brief(), !a.ok())
	if err := s.undo(ctx, batch); err != nil {
		return err
	}
	a, err = s.question(ctx, "members_within", "station", "ST-001")
	note("after the undo: %.30s", a.brief())
	return err
}

// drawnAround draws a catchment of forty metres around a place of the importer's choice.
func (s oracleAttack) drawnAround(ctx context.Context, lon, lat float64) error {
	const half = 0.0002
	ring := fmt.Sprintf("[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]", lon-half, lat-half, lon+half, lat-half, lon+half, lat+half, lon-half, lat+half, lon-half, lat-half)
	file := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"AT-DRAWN","station":"ST-002","kind":"drawn"},
		"geometry":{"type":"Polygon","coordinates":[%s]}}]}`, ring)
	batch, err := s.imported(ctx, "catchment", "drawn.geojson", []byte(file))
	if err != nil {
		return err
	}
	a, err := s.question(ctx, "members_within", "station", "ST-002", "area", "catchment")
	if err != nil {
		return err
	}
	var told struct {
		Rows []struct {
			Area string `json:"area_used"`
		}
	}
	if a.ok() {
		if err := json.Unmarshal(a.body, &told); err != nil {
			return err
		}
	}
	used := len(told.Rows) > 0 && told.Rows[0].Area == "drawn"
	seen := a.brief()
	if a.ok() {
		seen = fmt.Sprintf("answered, by the drawn area: %t", used)
	}
	s.report("a catchment of forty metres is imported for a station, and asked", "not counted before it is confirmed", seen, !used)
	return s.undo(ctx, batch)
}
