package geo

import "math"

// maxLatitude is where Web Mercator ends, in degrees.
const maxLatitude = 85.0511

// Covering are the columns and rows of the tiles of a zoom that touch a box: west, south,
// east, north in degrees.
func Covering(z uint8, box [4]float64) (left, top, right, bottom uint32) {
	n := math.Exp2(float64(z))
	number := func(v float64) uint32 { return uint32(math.Min(math.Max(math.Floor(v), 0), n-1)) }
	row := func(lat float64) float64 {
		s := math.Sin(math.Min(math.Max(lat, -maxLatitude), maxLatitude) * math.Pi / 180)
		return (0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n
	}
	return number((box[0] + 180) / 360 * n), number(row(box[3])), number((box[2] + 180) / 360 * n), number(row(box[1]))
}
