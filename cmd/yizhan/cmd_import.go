package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/store"
)

type importCommand struct {
	ledgerFlags
	Files    []string `arg:"" help:"GeoJSON files (FeatureCollection or one feature after another, plain or gzip); - for standard input."`
	Layer    string   `help:"Layer to import into." required:"" placeholder:"NAME"`
	Format   string   `help:"Form of the report." enum:"text,json" default:"text"`
	Language string   `name:"lang" help:"Language of the report: zh or en (default: by LANG)." enum:"zh,en,auto" default:"auto"`
}

func (c *importCommand) Help() string {
	return `Good features are merged by the layer's key, in one transaction a file; rejected ones are listed
with position, field, value, reason and remedy. Importing the same file again writes nothing.

Example:
  yizhan import manholes.geojson --layer manhole`
}

// Run imports the files one after another.
func (c *importCommand) Run(ctx context.Context, log *slog.Logger) error {
	ledger, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer ledger.close(ctx, log)
	for _, file := range c.Files {
		source, err := importer.Open(file)
		if err != nil {
			return err
		}
		report, err := importSource(ctx, ledger, geo.LayerName(c.Layer), source)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			err = json.NewEncoder(os.Stdout).Encode(report)
		} else {
			_, err = fmt.Print(report.Text(c.language()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *importCommand) language() string {
	if c.Language != "auto" {
		return c.Language
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

// importSource imports one source with a progress bar.
func importSource(ctx context.Context, l *ledger, layer geo.LayerName, source importer.Source) (*importer.Report, error) {
	bar := newBar(os.Stderr, source.Name)
	o := store.ImportOptions{Options: importer.Options{Progress: bar.show}}
	if account, err := user.Current(); err == nil {
		o.Actor = account.Username
	}
	report, err := l.Import(ctx, layer, source, o)
	bar.clear()
	return report, errors.Join(err, source.Body.Close())
}

// importSample imports one file of the sample city under a name of its own.
func importSample(ctx context.Context, l *ledger, layer geo.LayerName, path, name string) error {
	source, err := importer.Open(path)
	if err != nil {
		return err
	}
	source.Name = name
	report, err := importSource(ctx, l, layer, source)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "  %-13s %6d features\n", layer, report.Inserted+report.Updated+report.Unchanged)
	if report.Rejected > 0 {
		return fmt.Errorf("%s: %s", name, report.Text("en"))
	}
	return nil
}
