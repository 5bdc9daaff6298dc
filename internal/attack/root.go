package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// rootAttack is tried on a siege.
type rootAttack struct{ *siege }

// servesAsRoot looks up as whom the service runs that root has started. Parsers of
// survey files and HTTP once ran as root; only PostgreSQL did not.
func (s rootAttack) servesAsRoot(context.Context) error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("this run was not started by root: %w", errNotHere)
	}
	const tried, wanted = "yizhan up, started by root", "threads of another account, or a refusal with the line that does it right"
	if s.refused != "" {
		s.report(tried, wanted, "refused: "+s.refused, true)
		return nil
	}
	accounts := s.target.accounts()
	s.report(tried, wanted, "its threads run as user "+strings.Join(accounts, ", "), len(accounts) > 0 && !slices.Contains(accounts, "0"))
	return nil
}
