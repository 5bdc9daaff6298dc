// Package server speaks HTTP: tiles, layers, questions, live changes, health and
// the viewer. All routes are in routes.go, each resource is a
// type with a file of its own, and one table in errors.go turns error kinds into answers.
//
// It neither draws (package tiles) nor keeps data (packages replica and ledger),
// and it holds no state that another server would need.
package server
