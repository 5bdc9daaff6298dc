package geo

import (
	"math"

	"yizhan/internal/lang"

	"github.com/paulmach/orb"
)

// The world is a square of 2^32 by 2^32 units in spherical Web Mercator
// (EPSG:3857), x from the west, y from the north: a unit is 0.93 cm at the
// equator and less elsewhere. Tile z/x/y is the square of side 2^(32-z) at
// (x·2^(32-z), y·2^(32-z)), so that all tile arithmetic is shifting.
const WorldBits = 32

const worldSize = 1 << WorldBits

// Position is a place in world units: x in the upper half, y in the lower.
type Position uint64

// At is the position of x and y.
func At(x, y uint32) Position { return Position(x)<<32 | Position(y) }

// X is the distance from the west edge.
func (p Position) X() uint32 { return uint32(p >> 32) }

// Y is the distance from the north edge.
func (p Position) Y() uint32 { return uint32(p) }

// Project turns degrees of EPSG:4326 into the nearest position (EPSG method
// 1024). Latitudes beyond ±85.0511° are put on the edge of the world, since
// nothing can be drawn there; NaN, infinities and what lies outside ±180, ±90
// are refused with ErrInvalid.
func Project(lon, lat float64) (Position, error) {
	if !(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90) {
		return 0, lang.Errorf("coordinate %v %v: longitude must be -180 to 180 and latitude -90 to 90: %w",
			lon, lat, ErrInvalid)
	}
	sin := math.Sin(lat * (math.Pi / 180))
	x := (lon/360 + 0.5) * worldSize
	y := (0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)) * worldSize
	return At(toUnit(x), toUnit(y)), nil
}

// toUnit rounds to the nearest unit of the world.
func toUnit(v float64) uint32 {
	return uint32(min(max(v+0.5, 0), worldSize-1))
}

// Point is the position in degrees.
func (p Position) Point() orb.Point {
	lon := float64(p.X())/worldSize*360 - 180
	lat := math.Atan(math.Sinh(math.Pi*(1-2*float64(p.Y())/worldSize))) * (180 / math.Pi)
	return orb.Point{lon, lat}
}

// Code interleaves the bits of x and y, y first, so that positions in order of
// their codes follow a Z-curve and every tile is one run of codes.
func (p Position) Code() uint64 {
	return spread(p.X()) | spread(p.Y())<<1
}

// spread puts a zero before each bit (Warren, Hacker's Delight, 7-2).
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	x = (x | x<<1) & 0x5555555555555555
	return x
}

// Extent is a closed box in world units.
type Extent struct {
	MinX, MinY, MaxX, MaxY uint32
}

// Extent is the box of the position alone.
func (p Position) Extent() Extent {
	return Extent{MinX: p.X(), MinY: p.Y(), MaxX: p.X(), MaxY: p.Y()}
}

// Intersects reports whether the boxes share a point.
func (e Extent) Intersects(o Extent) bool {
	return e.MinX <= o.MaxX && o.MinX <= e.MaxX && e.MinY <= o.MaxY && o.MinY <= e.MaxY
}

// Contains reports whether o lies in e.
func (e Extent) Contains(o Extent) bool {
	return e.MinX <= o.MinX && o.MaxX <= e.MaxX && e.MinY <= o.MinY && o.MaxY <= e.MaxY
}

// Holds reports whether p lies in e.
func (e Extent) Holds(p Position) bool {
	return e.MinX <= p.X() && p.X() <= e.MaxX && e.MinY <= p.Y() && p.Y() <= e.MaxY
}

// Union is the smallest box around both.
func (e Extent) Union(o Extent) Extent {
	return Extent{
		MinX: min(e.MinX, o.MinX), MinY: min(e.MinY, o.MinY),
		MaxX: max(e.MaxX, o.MaxX), MaxY: max(e.MaxY, o.MaxY),
	}
}

// Center is the middle of the box.
func (e Extent) Center() Position {
	return At(e.MinX+(e.MaxX-e.MinX)/2, e.MinY+(e.MaxY-e.MinY)/2)
}

// Bound is the box in degrees.
func (e Extent) Bound() orb.Bound {
	a, b := At(e.MinX, e.MaxY).Point(), At(e.MaxX, e.MinY).Point()
	return orb.Bound{Min: a, Max: b}
}

// Extent is the tile's square, without buffer.
func (t Tile) Extent() Extent {
	side := uint64(1) << (WorldBits - t.Z)
	x, y := uint64(t.X)*side, uint64(t.Y)*side
	return Extent{MinX: uint32(x), MinY: uint32(y), MaxX: uint32(x + side - 1), MaxY: uint32(y + side - 1)}
}

// Reach is how far, in world units, a tile of the zoom may show ground beyond its
// square: the drawing buffer of 1/64 of its side, and one unit of 1/4096 for
// rounding.
func Reach(z uint8) int64 {
	side := int64(1) << (WorldBits - z)
	return side/64 + side/4096 + 1
}

// Window is all ground that may show in the tile.
func (t Tile) Window() Extent {
	e, reach := t.Extent(), uint32(Reach(t.Z))
	return Extent{
		MinX: e.MinX - min(e.MinX, reach), MinY: e.MinY - min(e.MinY, reach),
		MaxX: e.MaxX + min(math.MaxUint32-e.MaxX, reach), MaxY: e.MaxY + min(math.MaxUint32-e.MaxY, reach),
	}
}
