// Package tileserve serves tiles without HTTP: it reads which layers and view are requested,
// and has the tile drawn once, from the present or the past, or finds it finished. Every
// address of tiles goes through it, so all are counted, bounded and refreshed alike.
//
// It does not draw (package tiles), keeps no layers (package replica), and knows neither
// requests nor status codes (package server).
package tileserve
