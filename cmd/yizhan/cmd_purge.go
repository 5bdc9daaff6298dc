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
	Layer    string   `help:"Layer whose former values are purged; one that was withdrawn too." required:"" placeholder:"NAME"`
	Key      string   `help:"Only former rows of this key." placeholder:"KEY" xor:"what"`
	Column   string   `help:"Only this column of the former rows, be it in the table still or not." placeholder:"NAME" xor:"what"`
	Expired  bool     `name:"where-expired" help:"Only former rows that are gone and whose expires_at has passed." xor:"what"`
	Archive  []string `help:"Archives written by yizhan export that may hold the values; they are written again." placeholder:"FILE" type:"path"`
	Language string   `name:"lang" help:"Language of what is said: zh or en (default: by LANG)." enum:"zh,en,auto" default:"auto"`
}

func (c *purgeCommand) Help() string {
	return `Takes values out of the journal's former rows, waiting previews and reports of imports, for good; running
servers drop tiles and pasts. Rows that are in the layer now stay: delete or correct them first. An undo of the
batches concerned then says that these rows cannot be restored. It says what it cannot reach.

Examples:
  yizhan purge --layer member --key M-0007
  yizhan purge --layer bench --column 联系人 --archive /srv/tiles/city.pmtiles
  yizhan purge --layer member --where-expired`
}

// Run purges, writes the archives again, and says what is left to do by hand.
func (c *purgeCommand) Run(ctx context.Context, log *slog.Logger) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	purged, err := opened.Purge(ctx, ledger.PurgeOptions{Layer: geo.LayerName(c.Layer),
		Key: c.Key, Column: c.Column, Expired: c.Expired, Actor: actor(ctx)})
	language := (&importCommand{Language: c.Language}).language()
	if purged != nil {
		fmt.Fprint(people(os.Stdout), purgedText(purged, language))
	}
	for _, path := range c.Archive {
		err = errors.Join(err, c.rewrite(ctx, opened, path, language, log))
	}
	if purged != nil {
		fmt.Fprint(people(os.Stdout), unreachedText(language))
	}
	return err
}

// rewrite writes an archive again that holds the layer, from what is public now.
func (c *purgeCommand) rewrite(ctx context.Context, l *ledgerSession, path, language string, log *slog.Logger) error {
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
			"so what it holds is not known; delete it or write it again: %w", path, geo.ErrInvalid)
	}
	if !slices.Contains(names, c.Layer) {
		fmt.Fprintf(people(os.Stdout), map[string]string{"zh": "%s：不含此图层，未改动\n", "en": "%s: does not hold the layer and stays as it is\n"}[language], path)
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
		return lang.Errorf("--archive: %s holds nothing but layers that are no longer public; delete it: %w", path, geo.ErrConflict)
	}
	again := exportCommand{ledgerFlags: c.ledgerFlags, Tiles: path, Layers: names, BBox: was.BBox, Fresh: true,
		Zoom: fmt.Sprintf("%d-%d", was.Zoom[0], was.Zoom[1])}
	return again.Run(ctx, log)
}

// purgedText says what was purged, in Chinese ("zh") or English.
func purgedText(p *ledger.Purged, language string) string {
	var b strings.Builder
	say := func(zh, en string, values ...any) {
		fmt.Fprintf(&b, map[string]string{"zh": zh, "en": en}[language]+"\n", values...)
	}
	if p.ID == 0 {
		say("图层 %s：没有需要清除的内容", "layer %s: nothing to purge", p.Layer)
		return b.String()
	}
	say("图层 %s：已清除（清除编号 %d）", "layer %s: purged (number %d)", p.Layer, p.ID)
	say("  变更日志中的原值：%d 条", "  former rows in the journal: %d", p.FormerRows)
	say("  作废的导入预览（连同上传的文件）：%d 个", "  waiting previews, discarded with what was uploaded for them: %d", p.Previews)
	say("  去掉样例的导入报告：%d 份", "  reports of imports whose samples were taken out: %d", p.Reports)
	say("  瓦片和历史的缓存：运行中的服务器已收到通知，随即丢弃", "  cached tiles and pasts: running servers were told and drop them")
	if p.Left > 0 {
		say("  此编号的要素仍在图层中，未改动：%d 个", "  rows of this key that are in the layer now and stay: %d", p.Left)
	}
	return b.String()
}

// unreachedText says what a purge cannot reach.
func unreachedText(language string) string {
	if language == "zh" {
		return `无法触及，须另行处理：
  未用 --archive 指明的 PMTiles、MBTiles 文件，以及它们在静态站点和缓存服务器上的副本
  备份（pg_dump、基础备份）、归档的 WAL 和备库尚未回放的部分；数据库磁盘上的旧数据块在重写之前
  写在服务器以外的退回记录文件（*.rejected.*）、原始调查文件、他人已下载的瓦片和报告
`
	}
	return `Not reached; deal with these by hand:
  PMTiles and MBTiles files not named with --archive, and copies of any on static hosts and caching proxies
  backups (pg_dump, base backups), archived WAL and what a standby has not replayed; blocks on the database's disk until they are written over
  files of rejected rows (*.rejected.*), the survey files themselves, tiles and reports that others have downloaded
`
}
