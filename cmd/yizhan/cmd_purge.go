package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/internal/account"
	"yizhan/internal/export"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
)

type purgeCommand struct {
	ledgerFlags
	Layer   string   `help:"Layer whose former values to purge; it may have been withdrawn." required:"" placeholder:"NAME"`
	Key     string   `help:"Only former rows with this key." placeholder:"KEY" xor:"what"`
	Column  string   `help:"Only this column of former rows, whether or not the table still has it." placeholder:"NAME" xor:"what"`
	Expired bool     `name:"where-expired" help:"Only deleted rows whose expires_at has passed." xor:"what"`
	Archive []string `help:"Archives from yizhan export that may contain the values; they are exported again." placeholder:"FILE" type:"path"`
}

func (c *purgeCommand) Help() string {
	return `Permanently removes values from the journal's former rows, from pending previews and from import reports;
running servers discard cached tiles and history. Rows that are in the layer now stay: delete or correct them
first. Undoing an affected import then reports the rows that cannot be restored. The output lists what a purge
cannot reach.

Examples:
  yizhan purge --layer member --key M-0007
  yizhan purge --layer bench --column 联系人 --archive /srv/tiles/city.pmtiles
  yizhan purge --layer member --where-expired`
}

// Run purges, writes the archives again, and says what is left to do by hand.
func (c *purgeCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	purged, err := opened.Purge(ctx, ledger.PurgeOptions{Layer: geo.LayerName(c.Layer),
		Key: c.Key, Column: c.Column, Expired: c.Expired, Actor: actor(ctx)})
	if purged != nil {
		fmt.Fprint(people(os.Stdout), purgedText(purged, t.Tag))
	}
	for _, path := range c.Archive {
		err = errors.Join(err, c.rewrite(ctx, opened, path, log, t))
	}
	if purged != nil {
		fmt.Fprint(people(os.Stdout), t.Say(unreached))
	}
	return err
}

// rewrite exports an archive that contains the layer again, from what is public now.
func (c *purgeCommand) rewrite(ctx context.Context, l *ledgerSession, path string, log *slog.Logger, t terminal) error {
	was, ours, err := export.ReadPlan(ctx, account.From(ctx).Output(path))
	if errors.Is(err, os.ErrNotExist) {
		return lang.Errorf("--archive: %s not found: %w", path, geo.ErrNotFound)
	}
	if err != nil {
		return err
	}
	names := strings.Split(was.Layers, ",")
	if !ours {
		return lang.Errorf("--archive: %s was not written by yizhan export, "+
			"so its contents are unknown; delete it or export it again: %w", path, geo.ErrInvalid)
	}
	if !slices.Contains(names, c.Layer) {
		t.sayf("%s: does not contain the layer; left unchanged", path)
		return nil
	}
	layers, err := l.Layers(ctx)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return !slices.ContainsFunc(layers, func(l geo.Layer) bool { return string(l.Name) == name && l.Privacy == geo.Public })
	})
	if len(names) == 0 {
		return lang.Errorf("--archive: %s contains only layers that are no longer public; delete it: %w", path, geo.ErrConflict)
	}
	again := exportCommand{ledgerFlags: c.ledgerFlags, Tiles: path, Layers: names, BBox: was.BBox, Fresh: true,
		Zoom: fmt.Sprintf("%d-%d", was.Zoom[0], was.Zoom[1])}
	return again.Run(ctx, log, t)
}

// purgedText says what was purged.
func purgedText(p *ledger.Purged, t lang.Tag) string {
	if p.ID == 0 {
		return t.Sayf("layer %s: nothing to purge", p.Layer) + "\n"
	}
	lines := []string{
		t.Sayf("layer %s: purged (purge %d)", p.Layer, p.ID),
		t.Sayf("  former rows in the journal: %d", p.FormerRows),
		t.Sayf("  pending previews, discarded with their uploads: %d", p.Previews),
		t.Sayf("  import reports whose sample values were removed: %d", p.Reports),
		t.Sayf("  cached tiles and history: running servers were notified and discard them"),
	}
	if p.Left > 0 {
		lines = append(lines, t.Sayf("  rows with this key that are in the layer now and were left unchanged: %d", p.Left))
	}
	return strings.Join(lines, "\n") + "\n"
}

// unreached says what a purge cannot reach.
const unreached = `Not reached; deal with these by hand:
  PMTiles and MBTiles files not named with --archive, and copies of any on static hosts and caching proxies
  backups (pg_dump, base backups), archived WAL and what a standby has not replayed; disk blocks until overwritten
  files of rejected rows (*.rejected.*), the survey files themselves, tiles and reports that others have downloaded
`
