package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/sample"
)

type upCommand struct {
	serverFlags
	Data     string `help:"Folder of the private PostgreSQL (default: ${default_data})." env:"YIZHAN_DATA" type:"path" placeholder:"DIR"`
	NoSample bool   `help:"Do not load the sample city into an empty ledger."`
}

func (c *upCommand) Help() string {
	return `The private PostgreSQL listens on a unix socket only. It stops with the program, if the program started it.

Example:
  yizhan up --data ~/nanyang --listen 127.0.0.1:9000`
}

// Run starts the private PostgreSQL, fills an empty ledger and serves until interrupted.
func (c *upCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	opened, err := ledgerFlags{Data: c.Data}.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	if !c.NoSample {
		if err := loadSample(ctx, opened, t); err != nil {
			return err
		}
	}
	keeping, stop := context.WithCancel(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { opened.private.Keep(keeping) })
	defer keeper.Wait()
	defer stop()
	return c.serve(ctx, opened, log, t)
}

// sampleSource is how the source of each of the sample's imports begins.
const sampleSource = "sample city/"

// loadSample imports the sample city through the ordinary importer into a ledger
// that holds nothing else, or what is missing of it.
func loadSample(ctx context.Context, l *ledgerSession, t terminal) error {
	missing, err := l.SampleMissing(ctx, sample.Layers(), sampleSource)
	if err != nil || len(missing) == 0 {
		return err
	}
	dir, err := os.MkdirTemp("", "yizhan-sample-")
	if err != nil {
		return lang.Errorf("sample city: %w", err)
	}
	defer os.RemoveAll(dir)
	t.tellf("Loading the sample city (synthetic data).")
	if err := sample.Write(ctx, dir, sample.DefaultSeed, func(string) {}); err != nil {
		return err
	}
	for _, layer := range missing {
		file := layer + ".geojson"
		if err := importSample(ctx, l, geo.LayerName(layer), filepath.Join(dir, file), sampleSource+file, t); err != nil {
			return lang.Errorf("sample city: %w", err)
		}
	}
	return nil
}
