// Package index holds the features of one layer in memory: points in a quadtree that counts
// them by category, lines and polygons in R-trees by size, and their values in a dictionary.
//
// A [Collection] never changes. [Collection.Edit] makes the next version by copying what
// differs, and yields the [Touch]es: the ground on which tiles differ, and from which zoom.
//
// It reads well-known binary, and knows neither PostgreSQL, HTTP nor the encoding of tiles.
package index
