package sample

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// gridCode is the 15-character code of the unit grid around a point in degrees: six
// digits of the division, three each of street, community and serial number. The sample
// numbers squares of about 5 km, 1 km and 500 m, west to east and north to south.
func (c *city) gridCode(adcode string, at orb.Point) string {
	for i := range c.divisions {
		if c.divisions[i].adcode != adcode {
			continue
		}
		corner := orb.Point{c.divisions[i].bound.Min[0], c.divisions[i].bound.Max[1]}
		x := int(math.Floor((at[0] - corner[0]) / 0.005))
		y := int(math.Floor((corner[1] - at[1]) / 0.0045))
		street := y/10*30 + x/10 + 1
		community := y/2%5*5 + x/2%5 + 1
		return fmt.Sprintf("%s%03d%03d%03d", adcode, street, community, y%2*2+x%2+1)
	}
	return ""
}
