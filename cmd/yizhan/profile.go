package main

import (
	"context"

	"yizhan/geo"
	"yizhan/internal/store"
)

// useProfile takes up saved settings; what the command line says goes before them.
func (c *importCommand) useProfile(ctx context.Context, l *ledger) error {
	if c.Profile == "" {
		return nil
	}
	p, err := l.Profile(ctx, c.Profile)
	if err != nil {
		return err
	}
	s := p.Settings
	for _, one := range []struct {
		to              *string
		saved, default_ string
	}{{&c.Layer, string(p.Layer), ""}, {&c.Mode, s.Mode, "merge"}, {&c.CRS, s.CRS, "auto"}, {&c.Axes, s.Axes, "auto"}, {&c.Shift, s.Shift, ""},
		{&c.Encoding, s.Encoding, ""}, {&c.Inside, s.Inside, ""}, {&c.X, s.X, ""}, {&c.Y, s.Y, ""}, {&c.WKT, s.WKT, ""}} {
		if *one.to == one.default_ && one.saved != "" {
			*one.to = one.saved
		}
	}
	c.Map = append(append([]string{}, s.Map...), c.Map...)
	c.Strict, c.Anywhere = c.Strict || s.Strict, c.Anywhere || s.Anywhere
	return nil
}

// saveProfile keeps the settings of this command line.
func (c *importCommand) saveProfile(ctx context.Context, l *ledger) error {
	if c.Save == "" {
		return nil
	}
	return l.SaveProfile(ctx, store.Profile{Name: c.Save, Layer: geo.LayerName(c.Layer), Actor: actor(ctx), Settings: store.ProfileSettings{
		Mode: c.Mode, CRS: c.CRS, Axes: c.Axes, Shift: c.Shift, Encoding: c.Encoding, Inside: c.Inside, X: c.X, Y: c.Y, WKT: c.WKT,
		Map: c.Map, Strict: c.Strict, Anywhere: c.Anywhere}})
}
