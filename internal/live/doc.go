// Package live announces changes: a feed of events for connected clients, and a single event
// for everything that a returning client missed, from memory or from the journal.
//
// It knows no HTTP (package server), and it does not find changes itself (package replica).
package live
