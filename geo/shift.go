package geo

import (
	"math"
)

// Shift is where the datum shows a true position.
func (d Datum) Shift(p Position) Position {
	if d == WGS84 || d == "" {
		return p
	}
	at := p.Point()
	lon, lat := d.FromWGS84(at[0], at[1])
	shifted, err := Project(min(max(lon, -180), 180), min(max(lat, -90), 90))
	if err != nil {
		return p // of a position: cannot be
	}
	return shifted
}

// Ground is all true ground that the datum shows within the box; it may be more
// by a 64th of the box's longer side.
func (d Datum) Ground(box Extent) Extent {
	return d.bound(box, d.ToWGS84)
}

// ShiftExtent is a box around where the datum shows the box; it may be more by a
// 64th of the box's longer side.
func (d Datum) ShiftExtent(box Extent) Extent {
	return d.bound(box, d.FromWGS84)
}

// boundSteps is how many places along each side are moved; between them a datum
// goes astray by far less than the margin that is added.
const boundSteps = 4

func (d Datum) bound(box Extent, move func(lon, lat float64) (float64, float64)) Extent {
	if d == WGS84 || d == "" {
		return box
	}
	width, height := float64(box.MaxX-box.MinX), float64(box.MaxY-box.MinY)
	var moved Extent
	for i := range (boundSteps + 1) * (boundSteps + 1) {
		across, down := float64(i%(boundSteps+1))/boundSteps, float64(i/(boundSteps+1))/boundSteps
		p := At(box.MinX+uint32(across*width), box.MinY+uint32(down*height)).Point()
		lon, lat := move(p[0], p[1])
		at, err := Project(min(max(lon, -180), 180), min(max(lat, -90), 90))
		if err != nil {
			continue
		}
		if i == 0 {
			moved = at.Extent()
		}
		moved = moved.Union(at.Extent())
	}
	return moved.Grown(uint32(max(width, height)/64) + 2)
}

// Grown is the box with a margin on each side, within the world.
func (e Extent) Grown(by uint32) Extent {
	return Extent{
		MinX: e.MinX - min(e.MinX, by), MinY: e.MinY - min(e.MinY, by),
		MaxX: e.MaxX + min(math.MaxUint32-e.MaxX, by), MaxY: e.MaxY + min(math.MaxUint32-e.MaxY, by),
	}
}

// Whole is the box widened to whole tiles of a zoom.
func (e Extent) Whole(zoom uint8) Extent {
	rest := uint32(uint64(1)<<(WorldBits-zoom) - 1)
	return Extent{MinX: e.MinX &^ rest, MinY: e.MinY &^ rest, MaxX: e.MaxX | rest, MaxY: e.MaxY | rest}
}
