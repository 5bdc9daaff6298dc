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
	Batch    int64  `arg:"" help:"Number of the batch, as \"yizhan imports\" lists it."`
	Force    bool   `help:"Take rows back as well that somebody changed since."`
	Without  bool   `name:"without-purged" help:"Undo the rest when former values of some rows were purged."`
	Language string `name:"lang" help:"Language of what is said: zh or en (default: by LANG)." enum:"zh,en,auto" default:"auto"`
}

func (c *undoCommand) Help() string {
	return `Puts the layer back as it was before the import, in one transaction. The undo is a batch itself:
undoing that brings the import back.

Example:
  yizhan undo 12`
}

// changedShown is how many of the rows changed since are listed.
const changedShown = 20

// Run undoes one batch.
func (c *undoCommand) Run(ctx context.Context, log *slog.Logger) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	o := merge.UndoOptions{Batch: c.Batch, Force: c.Force, WithoutPurged: c.Without, Actor: actor(ctx)}
	language := (&importCommand{Language: c.Language}).language()
	undone, err := opened.imports.Undo(ctx, o)
	var changed *merge.ChangedSince
	if errors.As(err, &changed) {
		fmt.Fprint(people(os.Stderr), changed.Text(lang.Tag(language), changedShown))
	}
	if undone != nil {
		fmt.Fprint(people(os.Stdout), undoneText(undone, language))
	}
	return err
}

// undoneText says what was put back, in Chinese ("zh") or English.
func undoneText(u *merge.Undone, language string) string {
	var b strings.Builder
	if language == "zh" {
		fmt.Fprintf(&b, "已撤销批次 %d → 图层 %s（%s），撤销本身是批次 %d\n", u.Undoes, u.Layer, u.Title.ZH, u.Batch)
		fmt.Fprintf(&b, "  删除 %d，恢复原值 %d，找回 %d；用时 %.1f 秒\n", u.Deleted, u.Restored, u.Reinserted, u.Took.Seconds())
		if u.Purged > 0 {
			fmt.Fprintf(&b, "  原值已清除，未能恢复或未能全部恢复：%d\n", u.Purged)
		}
		fmt.Fprintf(&b, "  版本 %s（瓦片地址加 ?at=%s，就不会比这次撤销旧）\n", u.Version, u.Version)
		fmt.Fprintf(&b, "  如需重做：yizhan undo %d\n", u.Batch)
		return b.String()
	}
	fmt.Fprintf(&b, "batch %d is undone → layer %s (%s); the undo is batch %d\n", u.Undoes, u.Layer, u.Title.EN, u.Batch)
	fmt.Fprintf(&b, "  deleted %d, restored %d, re-inserted %d; %.1f s\n", u.Deleted, u.Restored, u.Reinserted, u.Took.Seconds())
	if u.Purged > 0 {
		fmt.Fprintf(&b, "  not restored, or not whole, because their former values were purged: %d\n", u.Purged)
	}
	fmt.Fprintf(&b, "  version %s (a tile asked for with ?at=%s is not older than this undo)\n", u.Version, u.Version)
	fmt.Fprintf(&b, "  To bring it back: yizhan undo %d\n", u.Batch)
	return b.String()
}
