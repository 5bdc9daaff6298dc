// Package tileserve answers for tiles without HTTP: it reads what of which layers is
// asked for, and has it drawn once, from the present or the past, or finds it finished.
// Every address under which the service has tiles is a way to it, so that all are
// counted, bounded and refreshed alike.
//
// It does not draw (package tiles), keeps no layers (package replica), and knows neither
// requests nor status codes (package server).
package tileserve
