package sample

import (
	"fmt"

	"github.com/paulmach/orb"
)

// member is a front-line Party member: a pseudonym, a trade and a work post.
type member struct {
	trade  string
	adcode string
	post   orb.Point // in degrees
}

const memberCount = 700

func trades() []share[string] {
	return []share[string]{
		{"sanitation", 36}, {"municipal", 20}, {"greening", 19}, {"volunteer", 14}, {"traffic_police", 11},
	}
}

// makeMembers posts 700 members on the streets around the stations. Each station has its
// own mixture of trades, so that some counts are too small to be shown.
func (c *city) makeMembers() {
	d := newDice(c.seed, "members")
	near := make([][]kerb, len(c.stations))
	centre := c.kerbs(c.towns[0], 55)
	for i, s := range c.stations {
		places := centre
		if !s.town.central {
			places = c.kerbs(s.town, 55)
		}
		near[i] = kerbsNear(places, s.at, 850)
	}
	mixtures := make([][]share[string], len(c.stations))
	for i := range mixtures {
		mixtures[i] = trades()
		for k := range mixtures[i] {
			mixtures[i][k].weight *= d.between(0.5, 1.6)
		}
	}
	for n := 0; n < memberCount; n++ {
		i := n % len(c.stations)
		if i >= centralStations && n%3 == 0 {
			i = d.IntN(centralStations)
		}
		s := c.stations[i]
		k := one(d, near[i]...)
		post := k.beside(one(d, -1.0, 1) * d.between(6, 12))
		for tries := 0; s.town.wet(post) || distance(post, s.at) > 900*d.between(0.3, 1) && tries < 20; tries++ {
			k = one(d, near[i]...)
			post = k.beside(one(d, -1.0, 1) * d.between(6, 12))
		}
		at := s.town.degrees(post)
		c.members = append(c.members, member{weighted(d, mixtures[i]), c.adcode(at), at})
	}
}

func writeMembers(c *city, out *sheet) {
	d := newDice(c.seed, "member details")
	units := map[string]string{}
	for _, o := range c.organisations {
		switch o.name {
		case "环境卫生中心":
			units["sanitation"] = o.code
		case "市政工程服务中心":
			units["municipal"] = o.code
		case "园林绿化中心":
			units["greening"] = o.code
		case "驿站管理服务中心":
			units["volunteer"] = o.code
		}
	}
	for i, m := range c.members {
		joined := today().AddDate(0, 0, -d.count(30, 1500))
		out.feature(m.post,
			property{"code", fmt.Sprintf("M-%04d", i+1)},
			property{"trade", m.trade},
			property{"organisation", units[m.trade]},
			property{"grid_code", c.gridCode(m.adcode, m.post)},
			property{"joined_on", day(joined)},
		)
	}
}
