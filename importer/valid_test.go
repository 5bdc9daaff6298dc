package importer

import (
	"math/rand/v2"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/importer/format"
)

// ring is a polygon of one ring through the places, closed.
func ring(places ...[2]float64) *format.Shape {
	s := &format.Shape{Kind: geo.Polygon}
	for _, p := range append(places, places[0]) {
		s.Add(p[0], p[1])
	}
	s.EndLine()
	s.EndPolygon()
	return s
}

func TestPolygonsThatAreValidBeyondDoubt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		shape *format.Shape
		want  bool
	}{
		{"a triangle", ring([2]float64{0, 0}, [2]float64{1, 0}, [2]float64{0, 1}), true},
		{"a house with a bay", ring([2]float64{0, 0}, [2]float64{3, 0}, [2]float64{3, 2}, [2]float64{2, 2},
			[2]float64{2, 3}, [2]float64{0, 3}), true},
		{"a bow tie", ring([2]float64{0, 0}, [2]float64{1, 1}, [2]float64{1, 0}, [2]float64{0, 1}), false},
		{"a spike", ring([2]float64{0, 0}, [2]float64{2, 0}, [2]float64{1, 0}, [2]float64{1, 1}), false},
		{"a vertex twice in a row", ring([2]float64{0, 0}, [2]float64{1, 0}, [2]float64{1, 0}, [2]float64{0, 1}),
			false},
		{"a vertex that touches an edge", ring([2]float64{0, 0}, [2]float64{4, 0}, [2]float64{4, 4}, [2]float64{2, 0},
			[2]float64{0, 4}), false},
		{"all in one line", ring([2]float64{0, 0}, [2]float64{1, 1}, [2]float64{2, 2}), false},
	} {
		if got := certified(c.shape); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// cross is twice the area of a triangle of whole numbers, which is exact.
func cross(a, b, c [2]int) int {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// between reports whether c, on the line through a and b, lies on the edge.
func between(a, b, c [2]int) bool {
	return min(a[0], b[0]) <= c[0] && c[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= c[1] && c[1] <= max(a[1], b[1])
}

// meet reports whether two edges have a point in common.
func meet(a, b, c, d [2]int) bool {
	sign := func(n int) int { return min(max(n, -1), 1) }
	s1, s2, s3, s4 := sign(cross(a, b, c)), sign(cross(a, b, d)), sign(cross(c, d, a)), sign(cross(c, d, b))
	return s1*s2 < 0 && s3*s4 < 0 || s1 == 0 && between(a, b, c) || s2 == 0 && between(a, b, d) || s3 == 0 &&
		between(c, d, a) || s4 == 0 && between(c, d, b)
}

// simple judges a ring by whole numbers: no two edges meet but neighbours in their vertex.
func simple(p [][2]int) bool {
	n := len(p)
	for i := range n {
		if cross(p[i], p[(i+1)%n], p[(i+2)%n]) == 0 {
			return false // straight on counts as doubtful here
		}
		for j := i + 2; j < n; j++ {
			if (j+1)%n != i && meet(p[i], p[i+1], p[j], p[(j+1)%n]) {
				return false
			}
		}
	}
	return true
}

func TestCertifiedIsSimpleByWholeNumbers(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	found := 0
	for range 200_000 {
		n := 3 + r.IntN(6)
		p, places := make([][2]int, n), make([][2]float64, n)
		for i := range p {
			p[i] = [2]int{r.IntN(7), r.IntN(7)}
			places[i] = [2]float64{float64(p[i][0]), float64(p[i][1])}
		}
		want, got := simple(p), certified(ring(places...))
		if got != want {
			t.Fatalf("seed %d: %v is certified %v, and simple %v", seed, p, got, want)
		}
		if got {
			found++
		}
	}
	if found == 0 {
		t.Fatalf("seed %d: no ring was simple", seed)
	}
}
