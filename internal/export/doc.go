// Package export draws a pyramid of public layers into one archive of tiles: on every
// core, resumed where an interrupted export stopped, and redrawing no more than what
// changed when an archive is updated.
//
// It reads no flags and prints nothing: it takes options and returns a summary. How
// tiles are stored is internal to package archive.
package export
