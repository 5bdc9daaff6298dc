//go:build !linux

package account

import (
	"yizhan/geo"
	"yizhan/internal/lang"
)

func (a Account) refused() error {
	return lang.Errorf("yizhan does not run as root; start it as user %s: sudo -u %s yizhan …: %w", a.Name, a.Name, geo.ErrForbidden)
}

func (a Account) as(func()) error { return a.refused() }

func (a Account) replace(_, _ []string) error { return a.refused() }
