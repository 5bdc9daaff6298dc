package sample

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// organisation is a unit of the bureau, a Party branch, a community, a government body
// or a work unit. parent is a code.
type organisation struct {
	code, name, kind, parent, linked, adcode string
	town                                     *town
	at                                       orb.Point
}

// bureauUnits are the eleven units under the bureau, under made-up plain names.
func bureauUnits() []string {
	return []string{
		"市政工程服务中心", "园林绿化中心", "环境卫生中心", "城市管理执法支队", "数字城管中心", "照明管理中心",
		"排水管理中心", "公园管理中心", "停车管理中心", "渣土管理中心", "驿站管理服务中心",
	}
}

// makeOrganisations sets 160 organisations: 11 units of the bureau, a branch in each
// station, 45 communities, 24 government bodies and 40 work units.
func (c *city) makeOrganisations() {
	d := newDice(c.seed, "organisations")
	names := newPairs(d, streetFirsts(), streetSeconds())
	units := newPairs(d, unitFirsts(), unitSeconds())
	centre := c.towns[0]
	places := kerbsNear(c.kerbs(centre, 90), orb.Point{}, 5200)
	for _, name := range bureauUnits() {
		c.found(d, organisation{name: name, kind: "bureau_unit"}, places)
	}
	host := c.organisations[len(c.organisations)-1].code
	for _, s := range c.stations {
		c.addOrganisation(organisation{
			name: s.branch, kind: "branch", parent: host, linked: s.code, adcode: s.adcode, town: s.town, at: s.at,
		})
	}
	for range 24 {
		ending := one(d, "街道办事处", "街道办事处", "政务服务所", "税务所", "司法所", "派出所", "市场监管所", "应急管理站")
		c.found(d, organisation{name: names.next(ending), kind: "government"}, places)
	}
	for range 45 {
		c.found(d, organisation{name: names.next("社区居委会"), kind: "community"}, places)
	}
	for range 40 {
		c.found(d, organisation{name: units.next(one(d, unitEndings()...)), kind: "work_unit"}, places)
	}
	c.placeParents(d)
}

// found sets an organisation in a block beside one of the places, and links some to the
// station nearby.
func (c *city) found(d dice, o organisation, places []kerb) {
	o.town = c.towns[0]
	for {
		k := one(d, places...)
		o.at = k.beside(one(d, -1.0, 1) * d.between(22, 45))
		if b := o.town.blockAt(o.at); b >= 0 && !o.town.blocks[b].park {
			break
		}
	}
	o.adcode = c.adcode(o.town.degrees(o.at))
	if s, away := c.nearestStation(o.town, o.at); away < stationRadius && d.chance(0.55) {
		o.linked = s.code
	}
	c.addOrganisation(o)
}

func (c *city) addOrganisation(o organisation) {
	o.code = fmt.Sprintf("ORG-%03d", len(c.organisations)+1)
	c.organisations = append(c.organisations, o)
}

// placeParents puts each community under a subdistrict office.
func (c *city) placeParents(d dice) {
	var offices []string
	for _, o := range c.organisations {
		if strings.HasSuffix(o.name, "街道办事处") {
			offices = append(offices, o.code)
		}
	}
	for i := range c.organisations {
		if c.organisations[i].kind == "community" {
			c.organisations[i].parent = one(d, offices...)
		}
	}
}

// nearestStation is the station of a town nearest to a point of it.
func (c *city) nearestStation(t *town, p orb.Point) (best *station, away float64) {
	for i := range c.stations {
		s := &c.stations[i]
		if d := distance(s.at, p); s.town == t && (best == nil || d < away) {
			best, away = s, d
		}
	}
	return best, away
}

func writeOrganisations(c *city, out *sheet) {
	for _, o := range c.organisations {
		at := o.town.degrees(o.at)
		out.feature(at,
			property{"code", o.code},
			property{"name", o.name},
			property{"adcode", o.adcode},
			property{"grid_code", c.gridCode(o.adcode, at)},
			property{"source", "合成"},
			property{"kind", o.kind},
			property{"parent", o.parent},
			property{"linked_station", o.linked},
		)
	}
}

func unitFirsts() []string {
	return []string{"宛东", "宛西", "宛北", "淯阳", "淯水", "独山", "白河", "卧龙岗", "梅溪", "温凉", "三里", "七里", "东关", "西关", "南关", "北关"}
}

func unitSeconds() []string {
	return []string{"红星", "光明", "曙光", "前进", "东风", "长虹", "金桥", "银河", "百花", "丰收", "青松", "兴业", "振华", "富民", "利民", "永安"}
}

func unitEndings() []string {
	return []string{"机械厂", "纺织厂", "印刷厂", "中学", "小学", "医院", "宾馆", "家属院", "粮库", "物资站", "运输公司", "建材市场", "研究所", "供销社"}
}
