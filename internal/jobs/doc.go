// Package jobs receives the files of imports and previews them: a folder for uploads,
// limits on their size and speed, and forms.
//
// It knows neither routes nor status codes (package server), and it writes no rows
// itself (package merge).
package jobs
