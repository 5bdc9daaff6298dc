package record

import (
	"fmt"
	"strconv"

	"yizhan/internal/lang"
)

// TooManyVertices is the fault of a shape beyond the limit.
func TooManyVertices(most int) *Fault {
	return &Fault{Reason: TooLarge, Detail: lang.Label{ZH: "顶点超过 " + strconv.Itoa(most) + " 个", EN: "more than " + strconv.Itoa(most) + " vertices"}}
}

// NotFinite is the fault of a vertex that has no place.
func NotFinite(x, y float64) *Fault {
	return &Fault{Reason: BadCoordinates, Value: fmt.Sprintf("%v, %v", x, y),
		Detail: lang.Label{ZH: "坐标不是有限数", EN: "a coordinate is not a finite number"}}
}

// ShortLine is the fault of a line of one point.
func ShortLine() *Fault {
	return &Fault{Reason: BadCoordinates, Detail: lang.Label{ZH: "线至少要有两个点", EN: "a line needs two points"}}
}

// ShortRing is the fault of a ring of fewer than four points.
func ShortRing(n int) *Fault {
	return &Fault{Reason: BadRing, Detail: lang.Label{ZH: "环只有 " + strconv.Itoa(n) + " 个点", EN: "a ring has " + strconv.Itoa(n) + " points"}}
}

// CheckRing is the fault of a ring that has fewer than four points or is not closed.
func CheckRing(xy []float64) *Fault {
	n := len(xy) / 2
	switch {
	case n < 4:
		return ShortRing(n)
	case xy[0] != xy[2*n-2] || xy[1] != xy[2*n-1]:
		return &Fault{Reason: BadRing, Detail: lang.Label{ZH: "环的首尾点不同", EN: "a ring's last point is not its first"}}
	}
	return nil
}
