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
	Layer    string `help:"Only imports into this layer." placeholder:"NAME"`
	Limit    int    `help:"How many at most, the newest first." default:"20"`
	Format   string `help:"Form of the list." enum:"text,json" default:"text"`
	Language string `name:"lang" help:"Language of the list: zh or en (default: by LANG)." enum:"zh,en,auto" default:"auto"`
}

func (c *importsCommand) Help() string {
	return `Lists imports and undos, the newest first.

Example:
  yizhan imports --layer manhole`
}

// Run lists the imports.
func (c *importsCommand) Run(ctx context.Context, log *slog.Logger) error {
	if c.Limit < 1 {
		return lang.Errorf("--limit %d: give a number from 1 on: %w", c.Limit, geo.ErrInvalid)
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
	return writeBatches(people(os.Stdout), list, (&importCommand{Language: c.Language}).language())
}

// shaShown is how much of a file's hash is shown: enough to tell files apart.
const shaShown = 12

// writeBatches aligns the list by the width that terminals give Chinese characters.
func writeBatches(w io.Writer, list []ledger.Batch, language string) error {
	table := [][]string{{"batch", "finished", "layer", "mode", "file", "who",
		"read", "inserted", "updated", "unchanged", "deleted", "rejected", "undone by", "sha256"}}
	if language == "zh" {
		table[0] = []string{"批次", "完成时间", "图层", "方式", "文件", "操作者",
			"读取", "新增", "更新", "未变", "删除", "拒绝", "被撤销于", "sha256"}
	}
	for _, b := range list {
		undone := ""
		if b.UndoneBy != 0 {
			undone = fmt.Sprint(b.UndoneBy)
		}
		cells := []string{fmt.Sprint(b.ID), b.Finished.Local().Format("2006-01-02 15:04"), string(b.Layer), batchMode(b.Mode, language), b.Source, b.Actor}
		for _, n := range []int64{b.Read, b.Inserted, b.Updated, b.Unchanged, b.Deleted, b.Rejected} {
			cells = append(cells, fmt.Sprint(n))
		}
		table = append(table, append(cells, undone, b.SHA256[:min(shaShown, len(b.SHA256))]))
	}
	return visible.Table(w, table)
}

// batchMode is a mode in the reader's language.
func batchMode(mode, language string) string {
	title, known := map[string]string{"merge": "合并", "replace": "替换", "append": "追加", ledger.ModeUndo: "撤销"}[mode]
	if language == "zh" && known {
		return title
	}
	return mode
}
