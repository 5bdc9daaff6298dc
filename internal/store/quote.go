package store

import "github.com/jackc/pgx/v5"

// quote is the one way an identifier enters a statement: parts joined by dots,
// each in double quotes with inner quotes doubled.
func quote(parts ...string) string {
	return pgx.Identifier(parts).Sanitize()
}
