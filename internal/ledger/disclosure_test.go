package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"yizhan/internal/ledger"
	"yizhan/internal/pgtest"
)

// ends are the ends of a band.
type ends struct{ least, most int }

// TestNoDifferenceOfAnswersTellsACount asks everything there is to ask about random
// members around random stations: all radii, the drawn catchment, before and after some
// have left. Whatever may be concluded about how many are in one ground and not in a
// smaller one, or have left, must stay open over at least five values of which some are
// not between one and four, unless nobody can be in the difference.
func TestNoDifferenceOfAnswersTellsACount(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, `insert into city.catchment (code, station, kind, geom) values ('CA-001', 'ST-001', 'drawn',
		st_multi(st_buffer('SRID=4326;POINT(112.53 33)'::geography, 700)::geometry))`, confirmed)
	for _, trade := range []string{"sanitation", "municipal", "greening", "traffic_police", "volunteer"} {
		for range random.IntN(5) + 1 {
			pgtest.Exec(t, conn, fmt.Sprintf(`insert into personal.member (code, trade, left_on, geom) select gen_random_uuid(), '%s',
				catalog.today() + %d, st_project('SRID=4326;POINT(112.53 33)'::geography, %f, %f)::geometry from generate_series(1, %d)`,
				trade, random.IntN(4)*30+1, random.Float64()*1600, random.Float64()*6.28, random.IntN(6)+1))
		}
	}
	type answer struct {
		rank  int // the grounds, largest first
		bands map[string]ends
	}
	var answers []answer
	for _, day := range []string{"", "update personal.member set left_on = left_on - 40"} {
		if day != "" {
			pgtest.Exec(t, conn, day)
		}
		for rank, given := range []map[string]string{
			{"station": "ST-001", "radius_m": "1500"}, {"station": "ST-001", "radius_m": "1000"},
			{"station": "ST-001", "area": "catchment"}, {"station": "ST-001", "radius_m": "500"},
		} {
			answers = append(answers, answer{rank, bands(t, s, given)})
		}
	}
	for i, larger := range answers {
		for _, smaller := range answers[i+1:] {
			if smaller.rank < larger.rank {
				continue // it is later, and not within
			}
			for trade, a := range larger.bands {
				b := smaller.bands[trade]
				least, most := max(0, a.least-b.most), a.most-b.least
				if most-least < 4 || least >= 1 && most <= 4 {
					t.Errorf("%s: %v and %v leave only %d to %d for the difference", trade, a, b, least, most)
				}
			}
		}
	}
}

// bands are the answer's, by trade; the total must be no more than its rows.
func bands(t *testing.T, s *ledger.Ledger, given map[string]string) map[string]ends {
	t.Helper()
	answer, err := s.Ask(context.Background(), ledger.Asking{Question: "members_within", Given: given, Asker: "test"})
	if err != nil {
		t.Fatal(err)
	}
	found, sum := map[string]ends{}, ends{}
	for _, raw := range answer.Rows {
		var row struct {
			Trade   string
			AtLeast int `json:"at_least"`
			AtMost  int `json:"at_most"`
		}
		if err := json.Unmarshal(raw, &row); err != nil {
			t.Fatal(err)
		}
		one := ends{row.AtLeast, row.AtMost}
		if row.Trade == "total" {
			if one != sum {
				t.Errorf("the total is %v and its rows add up to %v", one, sum)
			}
			continue
		}
		if one.least%5 != 0 || one.most != one.least+4 {
			t.Errorf("%s is told as %v, which is not a band of five", row.Trade, one)
		}
		sum = ends{sum.least + one.least, sum.most + one.most}
		found[row.Trade] = one
	}
	return found
}
