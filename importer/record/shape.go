package record

import "yizhan/geo"

// Shape is a geometry as the file has it: two coordinates a vertex, in the file's
// own system, the one that should be easting or longitude first. Readers check
// counts and closure of rings; heights and measures are left out.
type Shape struct {
	Kind        geo.Kind  // "" when there is none
	Multi       bool      // of a multiple type, whatever the number of parts
	Coordinates []float64 // x, y of every vertex
	Ends        []int     // of lines and rings: the number of vertices up to the end of each
	Parts       []int     // of polygons: the number of rings up to the end of each
	Flattened   bool      // heights or measures were left out
}

// Reset empties the shape and keeps its memory.
func (s *Shape) Reset() {
	*s = Shape{Coordinates: s.Coordinates[:0], Ends: s.Ends[:0], Parts: s.Parts[:0]}
}

// Vertices is how many there are.
func (s *Shape) Vertices() int { return len(s.Coordinates) / 2 }

// Add appends a vertex.
func (s *Shape) Add(x, y float64) { s.Coordinates = append(s.Coordinates, x, y) }

// EndLine ends a line or a ring at the last vertex.
func (s *Shape) EndLine() { s.Ends = append(s.Ends, s.Vertices()) }

// EndPolygon ends a polygon at the last ring.
func (s *Shape) EndPolygon() { s.Parts = append(s.Parts, len(s.Ends)) }
