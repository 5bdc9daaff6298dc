// Package jobs are the imports that a server receives: it takes their files into a folder,
// within limits of size and speed, reads and previews them, and keeps them until somebody
// decides.
//
// It knows neither routes nor status codes (package server), and it writes no rows
// itself (package merge).
package jobs
