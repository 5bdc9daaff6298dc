package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/visible"
)

type importsCommand struct {
	ledgerFlags
	Layer  string `help:"Only imports into this layer." placeholder:"NAME"`
	Limit  int    `help:"Maximum number to list." default:"20"`
	Format string `help:"Format of the list: text or json." enum:"text,json" default:"text"`
}

func (c *importsCommand) Help() string {
	return `Lists imports and undos, newest first.

Example:
  yizhan imports --layer manhole`
}

// Run lists the imports.
func (c *importsCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	if c.Limit < 1 {
		return lang.Errorf("--limit %d: the smallest value is 1: %w", c.Limit, geo.ErrInvalid)
	}
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	list, err := opened.Batches(ctx, ledger.BatchFilter{Layer: geo.LayerName(c.Layer), Limit: c.Limit})
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return json.NewEncoder(jsonOut()).Encode(list)
	}
	return writeBatches(people(os.Stdout), list, t.Tag)
}

// shaShown is how much of a file's hash is shown: enough to tell files apart.
const shaShown = 12

// writeBatches aligns the list by the width that terminals give Chinese characters.
func writeBatches(w io.Writer, list []ledger.Batch, t lang.Tag) error {
	table := [][]string{{t.Say("batch"), t.Say("finished"), t.Say("layer"), t.Say("mode"), t.Say("file"), t.Say("who"),
		t.Say("read"), t.Say("inserted"), t.Say("updated"), t.Say("unchanged"), t.Say("deleted"), t.Say("rejected"),
		t.Say("undone by"), "sha256"}}
	for _, b := range list {
		undone := ""
		if b.UndoneBy != 0 {
			undone = fmt.Sprint(b.UndoneBy)
		}
		cells := []string{fmt.Sprint(b.ID), b.Finished.Local().Format("2006-01-02 15:04"), string(b.Layer), t.Say(b.Mode),
			b.Source, b.Actor}
		for _, n := range []int64{b.Read, b.Inserted, b.Updated, b.Unchanged, b.Deleted, b.Rejected} {
			cells = append(cells, fmt.Sprint(n))
		}
		table = append(table, append(cells, undone, b.SHA256[:min(shaShown, len(b.SHA256))]))
	}
	return visible.Table(w, table)
}
