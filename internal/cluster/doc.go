// Package cluster runs the private PostgreSQL: the one that yizhan creates, starts
// and stops itself when no database is given.
//
// It uses the installed binaries, listens on a unix socket in a folder that only
// the owner can enter, and never on TCP. Any number of processes may use one
// folder at once: the first starts the server, the last to leave stops it, and
// what a killed process leaves running is taken over by the next.
//
// It is not a database driver: it knows nothing of schemas or layers, and makes
// one empty database. Packages pg and ledger do the rest, on any PostgreSQL.
package cluster
