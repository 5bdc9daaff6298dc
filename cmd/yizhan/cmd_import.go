package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/importer/settings"
	"yizhan/internal/account"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

type importCommand struct {
	ledgerFlags
	settings.Settings
	Files   []string `arg:"" help:"Survey files, archives or folders; - reads standard input."`
	Create  string   `help:"Create a layer with this name for the file, and import." placeholder:"NAME" xor:"layer"`
	DryRun  bool     `help:"Report what would change, without changing anything."`
	Rejects string   `help:"File for rejected rows, to fix and import again; none writes no file (default: FILE.rejected.* in the current folder)." placeholder:"FILE"`
	Control string   `help:"File of at least three control points: from_e,from_n,to_lon,to_lat." placeholder:"FILE"`
	Profile string   `help:"Use the settings saved under this name." placeholder:"NAME"`
	Save    string   `name:"save-profile" help:"Save these settings under a name." placeholder:"NAME"`
	Key     string   `help:"With --create: field that identifies a feature; - for none (default: auto-detected)." placeholder:"FIELD"`
	Kind    string   `help:"With --create: geometry type to import if the file contains several: point, line or polygon." enum:"point,line,polygon," default:"" placeholder:"TYPE"`
	Keep    []string `name:"keep-private" help:"With --create: fields to store but never show, neither in tiles nor in history or exports." placeholder:"FIELD"`
	Title   string   `help:"With --create: title of the layer, such as '雨水箅子 | Grates'." placeholder:"TITLE"`
	Format  string   `help:"Format of the report: text or json." enum:"text,json" default:"text"`
}

func (c *importCommand) Help() string {
	return `Reads ${own_formats}, plain, in a .zip or in a folder; ${other_formats} through ogr2ogr.
Valid rows are merged by the layer's key in one transaction per file. Rejected rows are listed with their position,
field, value, reason and remedy. Importing the same file again writes nothing.

Examples:
  yizhan import 窨井盖.zip --layer manhole --dry-run
  yizhan import points.csv --layer manhole --crs gcj02
  yizhan import grates.geojson --create grate --title '雨水箅子 | Grates'
  yizhan import benches.csv --create bench --map 联系人= --keep-private 备注

Exit code 2 also means that every row was rejected.`
}

// Run imports the files one after another.
func (c *importCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	if err := c.useProfile(ctx, opened); err != nil {
		return err
	}
	if c.Layer == nil && c.Create == "" {
		return lang.Errorf("no layer given; choose one with --layer NAME, create one with --create NAME, or use a --profile: %w", geo.ErrInvalid)
	}
	if err := c.saveProfile(ctx, opened); err != nil {
		return err
	}
	var refused error
	for _, path := range c.Files {
		if err := c.one(ctx, opened, path, t); err != nil {
			if !errors.Is(err, errAllRejected) {
				return err
			}
			refused = err
		}
	}
	return refused
}

// errAllRejected: no row of a file could be imported.
var errAllRejected = lang.Errorf("all rows were rejected; nothing was imported: %w", geo.ErrInvalid)

// one imports one file, prints its report and writes its rejected rows.
func (c *importCommand) one(ctx context.Context, l *ledgerSession, path string, t terminal) error {
	file, err := c.openFile(ctx, path)
	if err != nil {
		return err
	}
	defer file.Close()
	options, layer, err := c.options(ctx)
	if err != nil {
		return err
	}
	report, err := importFile(ctx, l, layer, file, options, t)
	if report != nil {
		if printErr := c.print(report, t); printErr != nil {
			return printErr
		}
		if rejectsErr := c.writeRejects(ctx, file, path, report, t); rejectsErr != nil {
			return rejectsErr
		}
	}
	if err == nil && report.Read > 0 && report.Rejected == report.Read {
		err = lang.Errorf("%s: %w", file.Name, errAllRejected)
	}
	return err
}

// openFile recognises a file; standard input is kept on disk first, because a file is read more than once.
func (c *importCommand) openFile(ctx context.Context, path string) (*format.File, error) {
	o := record.OptionsOf(c.Settings)
	if path == "-" {
		return format.Spool(ctx, os.Stdin, "standard input", o)
	}
	return format.Open(ctx, account.From(ctx).Input(path), o)
}

// options are those of the command line.
func (c *importCommand) options(ctx context.Context) (o merge.Options, layer geo.LayerName, err error) {
	o = merge.Options{Settings: c.Settings, Actor: actor(ctx), DryRun: c.DryRun}
	layer = geo.LayerName(settings.Value(c.Layer))
	if c.Create != "" {
		zh, en, _ := strings.Cut(c.Title, "|")
		o.Create = &merge.NewLayer{Kind: geo.Kind(c.Kind), Key: c.Key, Keep: c.Keep, Title: lang.Label{ZH: strings.TrimSpace(zh), EN: strings.TrimSpace(en)}}
		layer = geo.LayerName(c.Create)
	}
	if c.Control == "" {
		return o, layer, nil
	}
	if o.Control, err = os.ReadFile(account.From(ctx).Input(c.Control)); err != nil {
		err = lang.Errorf("--control: %v: %w", err, geo.ErrInvalid)
	}
	return o, layer, err
}

// actor is the name of the person at this machine.
func actor(ctx context.Context) string {
	if by := account.From(ctx).By; by != "" {
		return by
	}
	if who, err := user.Current(); err == nil {
		return who.Username
	}
	return ""
}

func (c *importCommand) print(report *importer.Report, t terminal) error {
	if c.Format == "json" {
		return json.NewEncoder(jsonOut()).Encode(report)
	}
	_, err := fmt.Fprint(people(os.Stdout), report.Text(t.Tag))
	return err
}

// writeRejects writes the rejected rows to a file, unless that is not wanted.
func (c *importCommand) writeRejects(ctx context.Context, file *format.File, path string, report *importer.Report, t terminal) error {
	if report.Rejected == 0 || c.Rejects == "none" || c.DryRun && c.Rejects == "" {
		return nil
	}
	to := c.Rejects
	if to == "" {
		to = rejectsStem(path) + importer.RejectsSuffix(file)
	}
	var n int64
	err := replaceFile(account.From(ctx).Output(to), func(w io.Writer) (err error) {
		n, err = importer.WriteRejects(ctx, w, file, report)
		return err
	})
	if err != nil {
		return lang.Errorf("rejected rows: %w", err)
	}
	t.tellf("%d rejected rows were written to %s; fix them and import that file", n, to)
	return nil
}

// replaceFile writes a file whole or leaves what was there.
func replaceFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".yizhan-*")
	if err != nil {
		return lang.Errorf("%s cannot be written; choose another with --rejects: %w", path, geo.ErrForbidden)
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// importFile imports one file with a progress bar.
func importFile(ctx context.Context, l *ledgerSession, layer geo.LayerName, file *format.File, o merge.Options,
	t terminal) (*importer.Report, error) {
	bar := t.progress(file.Name)
	o.Progress = bar.show
	report, err := l.imports.Import(ctx, layer, file, o)
	bar.clear()
	if err == nil && report.Batch != 0 {
		_, err = l.ConfirmFirst(ctx, report.Batch, actor(ctx))
	}
	return report, err
}

// importSample imports one file of the sample city under a name of its own.
func importSample(ctx context.Context, l *ledgerSession, layer geo.LayerName, path, name string, t terminal) error {
	file, err := format.Open(ctx, path, format.Options{})
	if err != nil {
		return err
	}
	file.Name = name
	report, err := importFile(ctx, l, layer, file, merge.Options{Actor: actor(ctx)}, t)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	t.tellf("  %-13s %6d features", layer, report.Inserted+report.Updated+report.Unchanged)
	if report.Rejected > 0 {
		return lang.Errorf("%s: %s", name, lang.Label{ZH: report.Text(lang.Chinese), EN: report.Text(lang.English)})
	}
	return nil
}
