package crs

import "math"

// near is how far a central meridian may be from the city (degrees): zones are
// 3 or 6 wide, and surveys carry on a little into the neighbour's.
const near = 3

// Surveyed are the systems that unnamed numbers are tried against for a city in a
// box of degrees: longitude and latitude, web Mercator, and the CGCS2000
// Gauss-Krueger grids around it, without and with zone prefix, the likelier first.
func Surveyed(city Box) []System {
	systems := []System{byCode(4326), byCode(3857)}
	for _, run := range national {
		if run.datum != CGCS2000 {
			continue
		}
		for i := range run.count {
			if m := run.grid(i).meridian; m >= city.West-near && m <= city.East+near {
				systems = append(systems, run.system(i))
			}
		}
	}
	return systems
}

// equivalent reports whether two systems read numbers alike, as far as numbers can
// show: all longitudes and latitudes are one, and so are the grids of 3 and 6 degrees
// on one central meridian, of whatever datum.
func equivalent(a, b System) bool {
	if a.Degrees || b.Degrees {
		return a.Degrees && b.Degrees
	}
	ga, oka := gridOf(a)
	gb, okb := gridOf(b)
	return a.Name == b.Name || oka && okb && ga == gb
}

// earth is the radius of the sphere that distances in questions are measured on,
// in metres per degree.
const earth = 6371008.8 * math.Pi / 180

// apart is the distance between two positions near each other, in metres, good to 0.5 %.
func apart(a, b [2]float64) float64 {
	return earth * math.Hypot((a[0]-b[0])*math.Cos(a[1]*math.Pi/180), a[1]-b[1])
}

// Constants of GRS 80 for rough places: half-axis (m) and squared eccentricities.
const (
	axis  = 6378137
	first = 0.00669438002290
	after = first / (1 - first)
)

// project is roughly where a position lies in the grid: a series good to some
// metres within 3 degrees of the central meridian. It serves questions only; what is imported
// is projected by PROJ.
func (g grid) project(lon, lat float64) (east, north float64) {
	phi := lat * math.Pi / 180
	sin, cos := math.Sincos(phi)
	radius := axis / math.Sqrt(1-first*sin*sin)
	along := (lon - g.meridian) * math.Pi / 180 * cos
	tan2, eta2 := sin*sin/(cos*cos), after*cos*cos
	meridian := 111132.95255*lat - 16038.50868*math.Sin(2*phi) + 16.83261*math.Sin(4*phi) - 0.02180*math.Sin(6*phi)
	east = g.easting + radius*along*(1+along*along/6*(1-tan2+eta2))
	north = meridian + radius*sin/cos*along*along/2*(1+along*along/12*(5-tan2+9*eta2))
	return east, north
}

// locate is roughly the position (degrees) of numbers in the grid, and whether
// they are anywhere.
func (g grid) locate(east, north float64) (at [2]float64, ok bool) {
	lon, lat := g.meridian, north/111_000
	for range 12 {
		if !(math.Abs(lat) < 85) || !(math.Abs(lon-g.meridian) < 15) {
			return at, false
		}
		e, n := g.project(lon, lat)
		lat += (north - n) / 111_000
		lon += (east - e) / (111_320 * math.Cos(lat*math.Pi/180))
	}
	return [2]float64{lon, lat}, true
}

// box is roughly where a box of degrees lies in the grid.
func (g grid) box(city Box) Box {
	b := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, lon := range []float64{city.West, g.meridian, city.East} {
		for _, lat := range []float64{city.South, city.North} {
			e, n := g.project(min(max(lon, city.West), city.East), lat)
			b = Box{min(b.West, e), min(b.South, n), max(b.East, e), max(b.North, n)}
		}
	}
	return b
}

// position is roughly the longitude and latitude of numbers in a system, as far
// as this package can tell.
func position(s System, east, north float64) (at [2]float64, ok bool) {
	if s.Degrees {
		lon, lat := bent(s.Datum).ToWGS84(east, north)
		return [2]float64{lon, lat}, true
	}
	if s.EPSG == 3857 {
		return [2]float64{east / axis * 180 / math.Pi, math.Atan(math.Sinh(north/axis)) * 180 / math.Pi}, true
	}
	if g, ok := gridOf(s); ok {
		return g.locate(east, north)
	}
	return at, false
}
