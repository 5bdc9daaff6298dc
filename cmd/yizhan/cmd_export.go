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
	Tiles  string    `help:"Archive to write, .pmtiles or .mbtiles." required:"" placeholder:"FILE.pmtiles"`
	Layers []string  `help:"Public layers to export (default: all)." placeholder:"NAME"`
	Zoom   string    `help:"Zoom levels, such as 0-14 or 12." default:"0-14" placeholder:"A-B"`
	BBox   []float64 `name:"bbox" help:"Only tiles that intersect this box, in degrees (default: the extent of the layers)." placeholder:"W,S,E,N"`
	Update bool      `help:"Redraw only tiles that have changed since the archive was written, and copy the others."`
	Fresh  bool      `help:"Start over instead of resuming an interrupted export."`
}

func (c *exportCommand) Help() string {
	return `Draws all tiles as the server does and writes them to one file for a static host, an object store or QGIS:
PMTiles (version 3) or MBTiles (1.3). The file appears once it is complete. It never contains personal layers.

To resume an interrupted export, run the same command again; it starts over if the layers have changed. Until
then its tiles are kept in FILE.part and, for PMTiles, FILE.part.index.

Examples:
  yizhan export --tiles city.pmtiles --layers road,station --zoom 6-15
  yizhan export --tiles city.pmtiles --layers road,station --zoom 6-15 --update`
}

// Run draws and writes the pyramid.
func (c *exportCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	from, to, err := zooms(c.Zoom)
	if err != nil {
		return err
	}
	if len(c.BBox) != 0 && (len(c.BBox) != 4 || !(c.BBox[0] < c.BBox[2] && c.BBox[1] < c.BBox[3])) {
		return lang.Errorf("--bbox must be west,south,east,north in degrees, such as 112.4,32.9,112.7,33.1: %w", geo.ErrInvalid)
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
	return c.export(ctx, opened, t, export.Options{Layers: layers, Version: version, From: from, To: to})
}

// export writes the archive and prints what it holds.
func (c *exportCommand) export(ctx context.Context, l *ledgerSession, t terminal, o export.Options) error {
	o.Path, o.Name = account.From(ctx).Output(c.Tiles), c.Tiles
	o.BBox, o.Update, o.Fresh = c.BBox, c.Update, c.Fresh
	bar := t.progress(c.Tiles)
	o.Progress = bar.tiles
	o.Notice = func(text lang.Label) { t.tellf("%s", text) }
	s, err := export.Run(ctx, l, o)
	bar.clear()
	if err != nil {
		if export.Resumable(context.WithoutCancel(ctx), o.Path) {
			t.tellf("%s: run the same command again to resume", c.Tiles)
		}
		return err
	}
	took := s.Elapsed.Seconds()
	t.sayf("%s: %s tiles, %s of them distinct, %s bytes; %.1f s (%.0f tiles per second)", c.Tiles,
		lang.Thousands(int64(s.Tiles)), lang.Thousands(int64(s.Different)), lang.Thousands(s.Bytes),
		took, float64(s.Tiles)/max(took, 1e-3))
	if s.Updated {
		t.sayf("%s tiles redrawn, %s of them changed", lang.Thousands(int64(s.Redrawn)), lang.Thousands(int64(s.Changed)))
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
		return 0, 0, lang.Errorf("--zoom %s: write one or two zoom levels from 0 to %d, such as 0-14: %w", lang.Quoted(text), geo.MaxZoom, geo.ErrInvalid)
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
			return nil, "", lang.Errorf("public layer %s not found%s: %w", lang.Quoted(name), geo.Suggest(geo.Nearest(name, names)), geo.ErrNotFound)
		}
		chosen = append(chosen, collection)
	}
	return chosen, state.Version, nil
}
