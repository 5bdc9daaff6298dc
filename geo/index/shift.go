package index

import "yizhan/geo"

// ShiftShape is where a datum shows a shape, in the memory of room, which must
// not be in use.
func ShiftShape(d geo.Datum, s, room *Shape) *Shape {
	data := append(room.data[:0], s.data...)
	*room = *s
	room.data, room.sturdy = data, neverSturdy
	xy := room.vertices()
	for i := 0; i < len(xy); i += 2 {
		at := d.Shift(geo.At(xy[i], xy[i+1]))
		xy[i], xy[i+1] = at.X(), at.Y()
		if i == 0 {
			room.Box = at.Extent()
		}
		room.Box = room.Box.Union(at.Extent())
	}
	return room
}

// Release lets go of all but the memory.
func (s *Shape) Release() { *s = Shape{data: s.data[:0]} }
