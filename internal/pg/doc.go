// Package pg is the connection to PostgreSQL: logins and roles, pools, patience with a server
// that does not answer, the set-up and migration of a ledger's schema, quoting, and the kinds
// of what the server refuses. Statements are those of package sql.
//
// It knows no layer and no import: those are packages ledger and merge.
package pg
