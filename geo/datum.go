package geo

import (
	"math"
	"strings"

	"yizhan/internal/lang"
)

// Datum is what longitudes and latitudes refer to: the earth, or the map of a
// provider who has bent it.
type Datum string

// Datums of maps in China. GCJ-02 is what the maps of Gaode and Tencent and most
// telephones show; BD-09 is Baidu's, bent once more. Neither is published by its
// makers: the formulas below are those of gcoord and eviltransform, which agree
// with the providers' own services within 1 m, and no better should be promised.
const (
	WGS84 Datum = "wgs84"
	GCJ02 Datum = "gcj02"
	BD09  Datum = "bd09"
)

// Constants of GCJ-02: half-axis (m) and squared eccentricity of Krasovsky 1940,
// the origin of its waves, and the box in which positions are bent.
const (
	gcjAxis         = 6378245
	gcjEccentricity = 0.00669342162296594323
	gcjLon, gcjLat  = 105, 35

	chinaWest, chinaEast   = 72.004, 137.8347
	chinaSouth, chinaNorth = 0.8293, 55.8271
)

// The inverse goes on until a round moves by less than this (degrees, 0.01 mm).
const (
	datumStep   = 1e-10
	datumRounds = 10
	shownBeyond = 0.1 // no position of the box is shown further outside it
)

// ParseDatum reads the name of a datum, in any case and with or without hyphens.
func ParseDatum(name string) (Datum, error) {
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name)) {
	case "wgs84":
		return WGS84, nil
	case "gcj02":
		return GCJ02, nil
	case "bd09", "bd09ll":
		return BD09, nil
	}
	return "", lang.Errorf("datum %.40q not recognised; write wgs84, gcj02 or bd09: %w", name, ErrInvalid)
}

// FromWGS84 is where a true position (degrees) is shown in the datum. Positions
// outside the box of China stay where they are.
func (d Datum) FromWGS84(lon, lat float64) (float64, float64) {
	if !inChina(lon, lat) {
		return lon, lat
	}
	return d.bend(lon, lat)
}

// ToWGS84 is the true position (degrees) of what the datum shows, within 0.1 mm
// of the formula's inverse.
//
// At the edge of the box the datum tears: it bends a position inside by up to
// 1 km and leaves its neighbour outside alone. The true position decides: what
// can be shown of a true position inside is taken back there, so that every
// position inside comes back; one outside may not, when it lies within that
// kilometre of the edge. What nothing is shown at stays where it is.
func (d Datum) ToWGS84(lon, lat float64) (float64, float64) {
	if d != GCJ02 && d != BD09 || !inChinaBy(lon, lat, shownBeyond) {
		return lon, lat
	}
	trueLon, trueLat := lon, lat
	for range datumRounds {
		bentLon, bentLat := d.bend(trueLon, trueLat)
		stepLon, stepLat := lon-bentLon, lat-bentLat
		trueLon, trueLat = trueLon+stepLon, trueLat+stepLat
		if math.Abs(stepLon) < datumStep && math.Abs(stepLat) < datumStep {
			break
		}
	}
	if !inChinaBy(trueLon, trueLat, 10*datumStep) {
		return lon, lat
	}
	return trueLon, trueLat
}

// bend applies the datum without regard to the box.
func (d Datum) bend(lon, lat float64) (float64, float64) {
	switch d {
	case GCJ02:
		return bendGCJ(lon, lat)
	case BD09:
		return bendBD(bendGCJ(lon, lat))
	}
	return lon, lat
}

// bendGCJ shifts a true position by some hundred metres.
func bendGCJ(lon, lat float64) (float64, float64) {
	x, y := lon-gcjLon, lat-gcjLat
	root := math.Sqrt(math.Abs(x))
	waves := 20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)
	south := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root +
		(waves+20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi)+160*math.Sin(y/12*math.Pi)+320*math.Sin(
			y*math.Pi/30))*2/3
	west := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root +
		(waves+20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi)+150*math.Sin(x/12*math.Pi)+300*math.Sin(
			x/30*math.Pi))*2/3
	sin, cos := math.Sincos(lat * math.Pi / 180)
	flat := 1 - gcjEccentricity*sin*sin
	meridian := gcjAxis * (1 - gcjEccentricity) / (flat * math.Sqrt(flat)) // m per radian of latitude
	parallel := gcjAxis / math.Sqrt(flat) * cos                            // m per radian of longitude
	return lon + west/parallel*180/math.Pi, lat + south/meridian*180/math.Pi
}

// bendBD shifts a GCJ-02 position by about a kilometre more.
func bendBD(lon, lat float64) (float64, float64) {
	const waves = math.Pi * 3000 / 180
	radius := math.Hypot(lon, lat) + 0.00002*math.Sin(lat*waves)
	angle := math.Atan2(lat, lon) + 0.000003*math.Cos(lon*waves)
	sin, cos := math.Sincos(angle)
	return radius*cos + 0.0065, radius*sin + 0.006
}

func inChina(lon, lat float64) bool { return inChinaBy(lon, lat, 0) }

// inChinaBy is inChina with a margin (degrees).
func inChinaBy(lon, lat, margin float64) bool {
	return lon >= chinaWest-margin && lon <= chinaEast+margin && lat >= chinaSouth-margin && lat <= chinaNorth+margin
}
