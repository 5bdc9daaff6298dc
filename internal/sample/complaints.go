package sample

import (
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

const (
	complaintCount = 5000
	hotSpots       = 14
)

// matter is a kind of complaint: its class code ("" where the standard has none), who
// deals with it and within how many days.
type matter struct {
	theme, code, unit string
	days              int
}

// matters are classes of components and events, by theme.
func matters() []matter {
	return []matter{
		{"green", "06017", "园林绿化中心", 3}, {"green", "06045", "园林绿化中心", 7},
		{"light", "", "照明管理中心", 2},
		{"beauty", "06001", "城市管理执法支队", 15}, {"beauty", "08016", "城市管理执法支队", 15},
		{"clean", "06010", "环境卫生中心", 1}, {"clean", "06011", "环境卫生中心", 4}, {"clean", "06042", "环境卫生中心", 1},
		{"order", "09006", "城市管理执法支队", 2}, {"order", "09009", "停车管理中心", 2}, {"order", "08002", "市政工程服务中心", 5},
	}
}

// hotSpot is a place of which many complain: a market, a bus hub, a works.
type hotSpot struct {
	at     orb.Point
	spread float64
	themes []share[string]
}

type complaint struct {
	at      orb.Point // in the plane of the central city
	matter  matter
	manhole *manhole
	found   time.Time
}

// makeComplaints draws 5,000 complaints of the year before the sample's day, more than
// half of them around hot spots. No reporter is drawn.
func (c *city) makeComplaints() []complaint {
	d := newDice(c.seed, "complaints")
	centre := c.towns[0]
	places := kerbsNear(c.kerbs(centre, 60), orb.Point{}, 6300)
	spots := c.makeHotSpots(d)
	broken := slices.DeleteFunc(slices.Clone(c.manholes),
		func(m manhole) bool { return !centre.outline.contains(centre.metres(m.at)) })
	out := make([]complaint, 0, complaintCount)
	for len(out) < complaintCount {
		themes := []share[string]{{"green", 16}, {"light", 10}, {"beauty", 14}, {"clean", 34}, {"order", 26}}
		var k complaint
		switch draw := d.Float64(); {
		case draw < 0.03:
			m := one(d, broken...)
			k.manhole, k.at = &m, centre.metres(m.at)
		case draw < 0.58:
			s := spots[min(d.IntN(hotSpots), d.IntN(hotSpots))]
			themes = s.themes
			k.at = add(s.at, orb.Point{d.NormFloat64() * s.spread, d.NormFloat64() * s.spread})
		default:
			k.at = one(d, places...).beside(d.NormFloat64() * 14)
			if norm(k.at) > 6500*d.between(0.3, 1.1) {
				continue
			}
		}
		if centre.wet(k.at) || !centre.outline.contains(k.at) {
			continue
		}
		theme := weighted(d, themes)
		k.matter = one(d, slices.DeleteFunc(matters(), func(m matter) bool { return m.theme != theme })...)
		if k.manhole != nil {
			k.matter = matter{"order", classCode(k.manhole.utility), "市政工程服务中心", 1}
		}
		k.found = foundAt(d)
		out = append(out, k)
	}
	slices.SortStableFunc(out, func(a, b complaint) int { return a.found.Compare(b.found) })
	return out
}

// makeHotSpots sets the hot spots near main junctions of the inner city.
func (c *city) makeHotSpots(d dice) []hotSpot {
	var out []hotSpot
	junctions := c.mainJunctions(c.towns[0])
	for len(out) < hotSpots {
		j := one(d, junctions...)
		at := add(j.at, orb.Point{d.between(-160, 160), d.between(-160, 160)})
		if norm(at) > 4500 || c.towns[0].blockAt(at) < 0 ||
			slices.ContainsFunc(out, func(s hotSpot) bool { return distance(s.at, at) < 700 }) {
			continue
		}
		themes := []share[string]{{"green", 4}, {"light", 4}, {"beauty", 6}, {"clean", 10}, {"order", 10}}
		themes[d.IntN(len(themes))].weight += 40
		out = append(out, hotSpot{at, d.between(90, 230), themes})
	}
	return out
}

// foundAt draws a time in the year before the sample's day, mostly by day.
func foundAt(d dice) time.Time {
	for {
		t := today().Add(-time.Duration(d.between(0, 365*24*3600)) * time.Second)
		if h := t.Hour(); h >= 7 && h < 20 || d.chance(0.12) {
			return t
		}
	}
}

func writeComplaints(c *city, out *sheet) {
	d := newDice(c.seed, "complaint details")
	centre := c.towns[0]
	for i, k := range c.makeComplaints() {
		at := centre.degrees(k.at)
		code, component, status := "", "", caseStatus(d, k)
		if adcode := c.adcode(at); k.matter.code != "" && adcode != "" {
			code = adcode + k.matter.code
		}
		if k.manhole != nil {
			component = k.manhole.code
		}
		reopened := 0
		if d.chance(0.04) {
			reopened = weighted(d, []share[int]{{1, 85}, {2, 15}})
		}
		out.feature(at,
			property{"code", fmt.Sprintf("AJ-%s-%04d", k.found.Format("0601"), i+1)},
			property{"matter_code", code},
			property{"theme", k.matter.theme},
			property{"channel", weighted(d, []share[string]{{"patrol", 48}, {"hotline", 34}, {"public", 18}})},
			property{"status", status},
			property{"found_at", k.found.Format(time.RFC3339)},
			property{"deadline", k.found.AddDate(0, 0, k.matter.days).Format(time.RFC3339)},
			property{"resp_org", k.matter.unit},
			property{"component", component},
			property{"reopened", reopened},
		)
	}
}

// caseStatus is how far a case has come: old ones are closed, save a few.
func caseStatus(d dice, k complaint) string {
	switch age := today().Sub(k.found).Hours() / 24; {
	case d.chance(0.015):
		return "void"
	case d.chance(0.02) && age > 20:
		return "hung"
	case age > float64(k.matter.days)*d.between(0.5, 3):
		return weighted(d, []share[string]{{"closed", 97}, {"checked", 2}, {"handled", 1}})
	}
	return one(d, "reported", "accepted", "filed", "dispatched", "dispatched", "handled")
}
