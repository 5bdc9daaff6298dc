// Package cache keeps finished tiles, packed for the way, within a bound of memory, and
// has each drawn once however many ask for it at the same time. After an edit it drops
// the tiles that show the edit, in every view and datum, and no other.
//
// It does not draw: who asks for a tile says how it is made. It knows no HTTP; that an
// entity tag is the value of a header is all that it has heard of it.
package cache
