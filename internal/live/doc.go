// Package live tells of changes: a feed of events for those who are connected, and one
// event for all that a client missed, from memory or from the journal.
//
// It knows no HTTP (package server), and it does not find changes itself (package replica).
package live
