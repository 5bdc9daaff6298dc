package main

import (
	"context"
	"log/slog"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/account"
	"yizhan/internal/export"
	"yizhan/internal/lang"
	"yizhan/internal/replica"
)

type exportCommand struct {
	ledgerFlags
	Tiles  string    `help:"Archive to write: .pmtiles, or .mbtiles." required:"" placeholder:"FILE.pmtiles"`
	Layers []string  `help:"Public layers (default: all)." placeholder:"NAME,…"`
	Zoom   string    `help:"Zooms, from-to." default:"0-14" placeholder:"A-B"`
	BBox   []float64 `name:"bbox" help:"Only tiles that touch this box, in degrees (default: where the layers lie)." placeholder:"W,S,E,N"`
	Update bool      `help:"Draw only what changed since the archive was written, and copy the rest of it."`
	Fresh  bool      `help:"Do not go on with what was broken off."`
}

func (c *exportCommand) Help() string {
	return `Draws the whole pyramid as it is served, and writes it into one file for a static host, an object store or
QGIS: PMTiles (version 3) or MBTiles (1.3). The file appears when it is whole. Layers of persons are never in it.

An export that is broken off goes on where it was when the same command is given again and the layers have not
changed meanwhile; until then it is in FILE.part, and for PMTiles FILE.part.index.

Examples:
  yizhan export --tiles city.pmtiles --layers road,station --zoom 6-15
  yizhan export --tiles city.pmtiles --layers road,station --zoom 6-15 --update`
}

// Run draws and writes the pyramid.
func (c *exportCommand) Run(ctx context.Context, log *slog.Logger) error {
	from, to, err := zooms(c.Zoom)
	if err != nil {
		return err
	}
	if len(c.BBox) != 0 && (len(c.BBox) != 4 || !(c.BBox[0] < c.BBox[2] && c.BBox[1] < c.BBox[3])) {
		return lang.Errorf("--bbox takes west,south,east,north in degrees, such as 112.4,32.9,112.7,33.1: %w", geo.ErrInvalid)
	}
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	layers, version, err := c.layers(ctx, opened, log)
	if err != nil {
		return err
	}
	return c.export(ctx, opened, export.Options{Layers: layers, Version: version, From: from, To: to})
}

// export writes the archive and prints what it holds.
func (c *exportCommand) export(ctx context.Context, l *ledgerSession, o export.Options) error {
	o.Path, o.Name = account.From(ctx).Output(c.Tiles), c.Tiles
	o.BBox, o.Update, o.Fresh = c.BBox, c.Update, c.Fresh
	bar := progress(c.Tiles)
	o.Progress = bar.tiles
	o.Notice = func(text lang.Label) { tell("%s", text.EN) }
	s, err := export.Run(ctx, l, o)
	bar.clear()
	if err != nil {
		if export.Resumable(context.WithoutCancel(ctx), o.Path) {
			tell("%s: run the same command again to resume", c.Tiles)
		}
		return err
	}
	took := s.Elapsed.Seconds()
	say("%s: %d tiles, %d of them different, %d bytes; %.1f s (%.0f tiles per second)",
		c.Tiles, s.Tiles, s.Different, s.Bytes, took, float64(s.Tiles)/max(took, 1e-3))
	if s.Updated {
		say("%d tiles redrawn, %d of them changed", s.Redrawn, s.Changed)
	}
	return nil
}

// zooms reads "0-14" or "12".
func zooms(text string) (from, to uint8, err error) {
	a, b, ranged := strings.Cut(text, "-")
	if !ranged {
		b = a
	}
	first, errA := strconv.ParseUint(a, 10, 8)
	last, errB := strconv.ParseUint(b, 10, 8)
	if errA != nil || errB != nil || first > last || last > geo.MaxZoom {
		return 0, 0, lang.Errorf("--zoom %q: write two zooms from 0 to %d, such as 0-14: %w", text, geo.MaxZoom, geo.ErrInvalid)
	}
	return uint8(first), uint8(last), nil
}

// layers loads the public layers as the server does, and picks those asked for, in
// the version that is named.
func (c *exportCommand) layers(ctx context.Context, l *ledgerSession, log *slog.Logger) (chosen []*index.Collection, version string, err error) {
	ctx, stop := context.WithCancel(ctx)
	copied := replica.New(replica.Options{Logins: l.DB().Logins(), Log: log})
	ended := make(chan error, 1)
	go func() { ended <- copied.Run(ctx) }()
	defer func() {
		stop()
		<-ended
	}()
	select {
	case <-copied.Loaded():
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	state := copied.State()
	var names []string
	for _, layer := range state.Catalog {
		names = append(names, string(layer.Name))
		if len(c.Layers) == 0 {
			chosen = append(chosen, state.Layers[layer.Name])
		}
	}
	for _, name := range c.Layers {
		collection, there := state.Layers[geo.LayerName(name)]
		if !there {
			return nil, "", lang.Errorf("there is no public layer %q%s: %w", name, geo.Suggest(geo.Nearest(name, names)), geo.ErrNotFound)
		}
		chosen = append(chosen, collection)
	}
	return chosen, state.Version, nil
}
