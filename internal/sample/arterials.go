package sample

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// plan is a road as a planner would draw it: a name and the points it passes, in metres
// east and north of the middle of the town before the plan is bent (see bender). What it
// runs past the first and the last of the roads drawn before is trimmed, unless whole.
type plan struct {
	name  string
	path  orb.LineString
	whole bool
}

func straight(name string, x0, y0, x1, y1 float64) plan {
	n := max(1, math.Round(math.Hypot(x1-x0, y1-y0)/110))
	path := orb.LineString{}
	for i := 0.0; i <= n; i++ {
		path = append(path, lerp(orb.Point{x0, y0}, orb.Point{x1, y1}, i/n))
	}
	return plan{name: name, path: path}
}

func (p plan) bent(bend func(orb.Point) orb.Point) plan {
	for i, q := range p.path {
		p.path[i] = bend(q)
	}
	return p
}

// mainRoads are the 31 arterial roads of the central city, each after the ones it ends at.
func mainRoads(r river, bend func(orb.Point) orb.Point) []plan {
	const north, south = -1, 1
	plans := []plan{
		{"外环路", centreRing(), true},
		straight("人民路", -450, 6200, -450, -6200),
		straight("中州路", -7400, 150, 4500, 150),
		straight("仲景路", 1750, 6100, 1750, -6100),
		straight("独山大道", 3000, 5900, 3000, -5900),
		straight("范蠡路", 4250, 5700, 4250, -5200),
		straight("孔明路", -5300, 5000, -5300, -5000),
		straight("北京路", -4100, 5500, -4100, -5150),
		straight("车站路", -3000, 5700, -3000, -4600),
		straight("工业路", -1750, 6000, -1750, -4000),
		straight("建设路", -7400, 1250, 5700, 1250),
		straight("光武路", -7300, 3100, 6900, 3100),
		straight("张衡路", -7400, 2200, 6800, 2200),
		straight("明山路", -6700, 4100, 6200, 4100),
		straight("卧龙路", -7400, -1600, 2300, -1600),
		straight("七一路", -7400, -700, 3500, -700),
		straight("两相路", -7200, -2600, 900, -2600),
		straight("南都路", -6900, -3600, -1000, -3600),
		straight("文化路", 650, 2500, 650, -2900),
		straight("迎宾大道", 5350, 4500, 5350, 950),
		{"内环路", roundedRing(orb.Point{-590, 250}, 1775, 1500), true},
		straight("信臣路", 500, 700, 5100, 700),
		straight("医圣祠街", 1500, -1130, 3000, -1130),
		straight("淯阳路", 5550, 1150, 5550, -4600),
		straight("雪枫路", -1500, -500, -6100, -3700),
		straight("百里奚路", -1500, 1100, -5900, 4500),
		straight("机场路", 500, 900, 5300, 4900),
	}
	for i := range plans {
		plans[i] = plans[i].bent(bend)
	}
	quays := []plan{
		{"滨河路", alongRiver(r, north, 95), false},
		{"白河大道", alongRiver(r, south, 110), false},
		{"长江路", alongRiver(r, south, 1450), false},
		{"黄河路", alongRiver(r, south, 2750), false},
	}
	return slices.Insert(plans, 1, quays...)
}

// centreRing is the outer ring road, and with it the edge of the central city.
func centreRing() orb.LineString { return roundedRing(orb.Point{0, -100}, 6700, 5500) }

// roundedRing is a superellipse, in plan coordinates.
func roundedRing(centre orb.Point, a, b float64) orb.LineString {
	const steps, power = 72, 2.0 / 2.7
	var out orb.LineString
	for i := range steps {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.5) / steps)
		out = append(out, add(centre, orb.Point{
			a * math.Copysign(math.Pow(math.Abs(cos), power), cos),
			b * math.Copysign(math.Pow(math.Abs(sin), power), sin),
		}))
	}
	return append(out, out[0])
}

// alongRiver runs beyond one bank, away metres from the water. It is already bent.
func alongRiver(r river, side, away float64) orb.LineString {
	wide := offset(r.middle, side*(255+away))
	return smooth(thin(wide, 9), 120)
}

// thin keeps every nth point of a line and its last.
func thin(l orb.LineString, n int) orb.LineString {
	var out orb.LineString
	for i := 0; i < len(l)-1; i += n {
		out = append(out, l[i])
	}
	return append(out, l[len(l)-1])
}

// bender turns a plan by an angle and sways it gently, as old streets are.
func bender(angle, sway, wave float64, d dice) func(orb.Point) orb.Point {
	p, q := d.between(0, 2*math.Pi), d.between(0, 2*math.Pi)
	return func(at orb.Point) orb.Point {
		x := at[0] + sway*math.Sin(at[1]/wave+p) + sway*0.4*math.Sin((at[0]+at[1])/wave*1.9+q)
		y := at[1] + sway*math.Sin(at[0]/wave*0.9+q) + sway*0.4*math.Sin((at[0]-at[1])/wave*2.1+p)
		return turn(orb.Point{x, y}, angle)
	}
}
