package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

type undoCommand struct {
	ledgerFlags
	Batch   int64 `arg:"" help:"Batch number, as listed by yizhan imports."`
	Force   bool  `help:"Also undo rows that were changed after the import."`
	Without bool  `name:"without-purged" help:"Undo the other rows even if former values of some were purged."`
}

func (c *undoCommand) Help() string {
	return `Restores the layer to its state before the import, in one transaction. The undo is a batch itself, so undoing it
restores the import.

Example:
  yizhan undo 12`
}

// changedShown is how many of the rows changed since are listed.
const changedShown = 20

// Run undoes one batch.
func (c *undoCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	o := merge.UndoOptions{Batch: c.Batch, Force: c.Force, WithoutPurged: c.Without, Actor: actor(ctx)}
	undone, err := opened.imports.Undo(ctx, o)
	var changed *merge.ChangedSince
	if errors.As(err, &changed) {
		fmt.Fprint(people(os.Stderr), changed.Text(t.Tag, changedShown))
	}
	if undone != nil {
		fmt.Fprint(people(os.Stdout), undoneText(undone, t.Tag))
	}
	return err
}

// undoneText says what was restored.
func undoneText(u *merge.Undone, t lang.Tag) string {
	lines := []string{
		t.Sayf("batch %d undone in layer %s (%s); the undo is batch %d", u.Undoes, u.Layer, u.Title, u.Batch),
		t.Sayf("  deleted %d, restored %d, re-inserted %d; %.1f s", u.Deleted, u.Restored, u.Reinserted, u.Took.Seconds()),
	}
	if u.Purged > 0 {
		lines = append(lines, t.Sayf("  not restored, or only in part, because former values were purged: %d", u.Purged))
	}
	lines = append(lines,
		t.Sayf("  version %s (tiles requested with ?at=%s include this undo)", u.Version, u.Version),
		t.Sayf("  to restore the import: yizhan undo %d", u.Batch))
	return strings.Join(lines, "\n") + "\n"
}
