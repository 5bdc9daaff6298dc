package sample

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// What the sample must show: gaps, delays, counts too small to tell, hot spots.

func TestSomeCountiesLackDemonstrationRoads(t *testing.T) {
	t.Parallel()
	have := map[string]int{}
	for _, f := range features(t, "road") {
		if f.Properties["is_demo"] == true {
			have[text(f, "adcode")]++
		}
	}
	enough, short, none := 0, 0, 0
	for _, s := range seats() {
		switch {
		case s.central && have[s.adcode] > 0:
			t.Errorf("%s is central and has demonstration roads", s.name)
		case s.central:
		case have[s.adcode] >= 2:
			enough++
		case have[s.adcode] == 1:
			short++
		default:
			none++
		}
	}
	if enough != 8 || short != 2 || none != 1 {
		t.Errorf("%d counties have two demonstration roads, %d one and %d none; want 8, 2 and 1", enough, short, none)
	}
}

func TestFirstBatchIsMostlyAcceptedAndPartlyLate(t *testing.T) {
	t.Parallel()
	accepted, late := 0, 0
	for _, f := range features(t, "wall_site") {
		status, on := text(f, "status"), text(f, "accepted_on")
		done := status == "accepted" || status == "handed_over"
		if done != (on != "") {
			t.Errorf("%s is %s and was accepted on %q", text(f, "code"), status, on)
		}
		if on > day(today()) || text(f, "status_since") > day(today()) || on > text(f, "status_since") {
			t.Errorf("%s: accepted on %q, %s since %q", text(f, "code"), on, status, text(f, "status_since"))
		}
		if f.Properties["batch"] != 1.0 {
			continue
		}
		switch {
		case done:
			accepted++
		case status != "postponed" && status != "unsuitable" && status != "cancelled" && text(f, "due") < day(today()):
			late++
		}
	}
	if accepted != 124 || late != 45 {
		t.Errorf("%d accepted and %d late, want 124 and 45", accepted, late)
	}
}

func TestEachCentralStationHasMembersAroundIt(t *testing.T) {
	t.Parallel()
	small := 0
	for i, s := range features(t, "station") {
		total, byTrade := 0, map[string]int{}
		flat := newPlane(s.Geometry.(orb.Point))
		for _, m := range features(t, "member") {
			if norm(flat.metres(m.Geometry.(orb.Point))) <= 1000 {
				total++
				byTrade[text(m, "trade")]++
			}
		}
		if i < centralStations && (total < 15 || total > 95) {
			t.Errorf("%s has %d members within 1 km", text(s, "code"), total)
		}
		for _, share := range trades() {
			if byTrade[share.value] < 5 {
				small++
			}
		}
	}
	if small < 20 || small > 150 {
		t.Errorf("%d counts are under 5, want some and not most of 200", small)
	}
}

func TestComplaintsOfTheYearCrowdInHotSpots(t *testing.T) {
	t.Parallel()
	cells := map[[2]int]int{}
	for _, f := range features(t, "complaint") {
		found, err := time.Parse(time.RFC3339, text(f, "found_at"))
		if err != nil {
			t.Fatal(err)
		}
		if age := today().Sub(found); age < 0 || age > 366*24*time.Hour {
			t.Errorf("%s was found %s before the sample's day", text(f, "code"), age)
		}
		deadline, err := time.Parse(time.RFC3339, text(f, "deadline"))
		if err != nil || !deadline.After(found) {
			t.Errorf("%s: found %s, deadline %s", text(f, "code"), found, deadline)
		}
		p := f.Geometry.(orb.Point)
		cells[[2]int{int(p[0] * 200), int(p[1] * 200)}]++
	}
	most := 0
	for _, n := range cells {
		most = max(most, n)
	}
	if mean := complaintCount / len(cells); most < 8*mean {
		t.Errorf("the worst square has %d complaints and the mean is %d: no hot spot", most, mean)
	}
}

func TestCirclesAreTrueToTheMetre(t *testing.T) {
	t.Parallel()
	centre := orb.Point{112.53, 33}
	for _, p := range circle(centre, 1000)[0] {
		if d := groundLength(orb.LineString{centre, p}); math.Abs(d-1000) > 0.05 {
			t.Errorf("a corner of the circle is %.3f m from its middle", d)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := build(b.Context(), DefaultSeed); err != nil {
			b.Fatal(err)
		}
	}
}
