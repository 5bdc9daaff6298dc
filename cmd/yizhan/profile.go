package main

import (
	"context"

	"yizhan/internal/ledger"
)

// useProfile adds saved settings; those of the command line take precedence.
func (c *importCommand) useProfile(ctx context.Context, l *ledgerSession) error {
	if c.Profile == "" {
		return nil
	}
	p, err := l.Profile(ctx, c.Profile)
	if err != nil {
		return err
	}
	saved := p.Settings
	if c.Create != "" {
		saved.Layer = nil
	}
	c.Settings = c.Settings.Over(saved)
	return nil
}

// saveProfile keeps the settings of this command line.
func (c *importCommand) saveProfile(ctx context.Context, l *ledgerSession) error {
	if c.Save == "" {
		return nil
	}
	return l.SaveProfile(ctx, ledger.Profile{Name: c.Save, Actor: actor(ctx), Settings: c.Settings})
}
