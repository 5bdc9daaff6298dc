// Package queue makes expensive work wait its turn: it bounds what runs at once, what waits,
// and the share of each client, so that no client starves the others. It knows neither what
// the work is nor how clients are recognised.
package queue
