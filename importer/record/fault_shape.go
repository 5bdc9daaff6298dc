package record

import (
	"fmt"

	"yizhan/internal/lang"
)

// TooManyVertices is the fault of a shape beyond the limit.
func TooManyVertices(most int) *Fault {
	return &Fault{Reason: TooLarge, Detail: lang.Bothf("more than %d vertices", most)}
}

// NotFinite is the fault of a vertex with a coordinate that is infinite or not a number.
func NotFinite(x, y float64) *Fault {
	return &Fault{Reason: BadCoordinates, Value: fmt.Sprintf("%v, %v", x, y),
		Detail: lang.Bothf("a coordinate is not a finite number")}
}

// ShortLine is the fault of a line of one point.
func ShortLine() *Fault {
	return &Fault{Reason: BadCoordinates, Detail: lang.Bothf("a line needs two points")}
}

// ShortRing is the fault of a ring of fewer than four points.
func ShortRing(n int) *Fault {
	return &Fault{Reason: BadRing, Detail: lang.Bothf("a ring has only %d points", n)}
}

// CheckRing is the fault of a ring that has fewer than four points or is not closed.
func CheckRing(xy []float64) *Fault {
	n := len(xy) / 2
	switch {
	case n < 4:
		return ShortRing(n)
	case xy[0] != xy[2*n-2] || xy[1] != xy[2*n-1]:
		return &Fault{Reason: BadRing, Detail: lang.Bothf("the last point of a ring differs from its first")}
	}
	return nil
}
