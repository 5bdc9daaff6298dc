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
	List    stationListCommand    `cmd:"" help:"List stations and drawn catchments with who placed and confirmed each."`
	Confirm stationConfirmCommand `cmd:"" help:"Confirm positions, so that members are counted around them."`
}

// vouchedLayers are where the codes of "yizhan station" are looked up.
var vouchedLayers = [...]geo.LayerName{"station", "catchment"}

type stationListCommand struct {
	ledgerFlags
	Unconfirmed bool   `help:"Only unconfirmed ones."`
	Format      string `help:"Format of the list: text or json." enum:"text,json" default:"text"`
}

// Run lists the places.
func (c *stationListCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
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
		t.sayf("%s  placed by %s, %s", p.Code, placedBy(p), confirmedBy(p))
	}
	return nil
}

func placedBy(p ledger.Place) lang.Label {
	if p.PlacedBy == nil {
		return lang.Bothf("an unknown account")
	}
	return lang.Label{EN: *p.PlacedBy}
}

func confirmedBy(p ledger.Place) lang.Label {
	if p.ConfirmedBy == nil {
		return lang.Bothf("not confirmed")
	}
	return lang.Bothf("confirmed by %s", *p.ConfirmedBy)
}

type stationConfirmCommand struct {
	ledgerFlags
	Codes []string `arg:"" help:"Codes of stations or catchments, such as ST-001."`
}

func (c *stationConfirmCommand) Help() string {
	return `Members are counted only around positions confirmed by someone other than the person who placed them, so that
nobody can locate a person by moving stations. Moving a station or changing its radius removes the confirmation.
Confirmations are recorded under your login account.

Example:
  yizhan station confirm ST-001 ST-002`
}

// outcome says what became of a confirmation.
func outcome(of ledger.Outcome) lang.Label {
	switch of {
	case ledger.Confirmed:
		return lang.Bothf("confirmed")
	case ledger.AlreadyKnown:
		return lang.Bothf("already confirmed")
	case ledger.PlacedBySame:
		return lang.Bothf("not confirmed: you placed it yourself; ask a colleague to confirm it")
	default:
		return lang.Bothf("not found")
	}
}

// Run confirms the places that the codes name.
func (c *stationConfirmCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
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
		t.sayf("%s  %s", code, outcome(best[code]))
		switch best[code] {
		case ledger.UnknownFeature:
			err = lang.Errorf("station or catchment %s not found: %w", code, geo.ErrNotFound)
		case ledger.PlacedBySame:
			err = lang.Errorf("%s: the person who placed it cannot confirm it: %w", code, geo.ErrForbidden)
		}
	}
	return err
}
