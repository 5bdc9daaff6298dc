package main

import (
	"context"
	"encoding/json"
	"log/slog"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
)

// stationCommand holds the commands about stations and their catchments.
type stationCommand struct {
	List    stationListCommand    `cmd:"" help:"List stations and drawn catchments with who placed and who confirmed each."`
	Confirm stationConfirmCommand `cmd:"" help:"Confirm where stations and catchments lie, so that members are counted around them."`
}

// vouchedLayers are where the codes of "yizhan station" are looked up.
var vouchedLayers = [...]geo.LayerName{"station", "catchment"}

type stationListCommand struct {
	ledgerFlags
	Unconfirmed bool   `help:"Only those that are not confirmed."`
	Format      string `help:"Form of the list." enum:"text,json" default:"text"`
}

// Run lists the places.
func (c *stationListCommand) Run(ctx context.Context, log *slog.Logger) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	list := []ledger.Place{}
	for _, layer := range vouchedLayers {
		places, err := opened.Places(ctx, layer)
		if err != nil {
			return err
		}
		for _, p := range places {
			if p.ConfirmedBy == nil || !c.Unconfirmed {
				list = append(list, p)
			}
		}
	}
	if c.Format == "json" {
		return json.NewEncoder(jsonOut()).Encode(list)
	}
	for _, p := range list {
		say("%s  placed by %s, %s", p.Code, named(p.PlacedBy, "unknown"), confirmedBy(p))
	}
	return nil
}

func named(who *string, nobody string) string {
	if who == nil {
		return nobody
	}
	return *who
}

func confirmedBy(p ledger.Place) string {
	if p.ConfirmedBy == nil {
		return "not confirmed"
	}
	return "confirmed by " + *p.ConfirmedBy
}

type stationConfirmCommand struct {
	ledgerFlags
	Codes []string `arg:"" help:"Codes of stations or catchments, such as ST-001."`
}

func (c *stationConfirmCommand) Help() string {
	return `Members are counted only around places that somebody else than who placed them has confirmed, so that
nobody can look for persons by moving stations about. A station that is moved, or whose radius changes, loses it.
You confirm in the name of the account that you are logged in as.

Example:
  yizhan station confirm ST-001 ST-002`
}

// outcomes says what became of each confirmation.
var outcomes = map[ledger.Outcome]string{
	ledger.Confirmed:      "confirmed",
	ledger.AlreadyKnown:   "was confirmed already",
	ledger.PlacedBySame:   "not confirmed: you placed it yourself; ask a colleague to confirm it",
	ledger.UnknownFeature: "not found",
}

// Run confirms the places that the codes name.
func (c *stationConfirmCommand) Run(ctx context.Context, log *slog.Logger) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	best := map[string]ledger.Outcome{}
	for _, layer := range vouchedLayers {
		list, err := opened.Confirm(ctx, layer, c.Codes, actor(ctx))
		if err != nil {
			return err
		}
		for _, one := range list {
			if was, seen := best[one.Code]; !seen || was == ledger.UnknownFeature {
				best[one.Code] = one.Outcome
			}
		}
	}
	for _, code := range c.Codes {
		say("%s  %s", code, outcomes[best[code]])
		switch best[code] {
		case ledger.UnknownFeature:
			err = lang.Errorf("%s: %w", code, geo.ErrNotFound)
		case ledger.PlacedBySame:
			err = lang.Errorf("%s: whoever placed it cannot confirm it: %w", code, geo.ErrForbidden)
		}
	}
	return err
}
