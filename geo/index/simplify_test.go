package index

import (
	"math"
	"testing"

	"yizhan/geo"

	"pgregory.net/rapid"
)

// A vertex is needed from the first zoom whose tolerance its distance exceeds.
func TestLevelsFollowTheTolerance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		distance := math.Exp2(rapid.Float64Range(-40, 33).Draw(t, "power"))
		if rapid.Bool().Draw(t, "exact") {
			distance = math.Exp2(math.Round(math.Log2(distance)))
		}
		want := uint8(neverNeeded)
		for z := geo.MaxZoom; z >= 0; z-- {
			tolerance := math.Exp2(fineTolerance)
			if z < DetailZoom {
				tolerance = math.Exp2(coarseTolerance)
			}
			if distance > tolerance*math.Exp2(float64(20-z)) {
				want = uint8(z)
			}
		}
		if got := levelOf(distance * distance); got != want {
			t.Fatalf("a vertex off by %v units is needed from zoom %d, want %d", distance, got, want)
		}
	})
}
