package merge

import (
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
)

// Imports brings files into the layers of a ledger and takes them back. It is safe for
// concurrent use.
type Imports struct{ db *pg.DB }

// New are the imports of a ledger.
func New(l *ledger.Ledger) *Imports { return &Imports{db: l.DB()} }
