// Command yizhan is the one binary of the service: the map and query server, the
// importer and the questions, each a command of its own.
//
// It holds flags, wiring and exit codes, and no logic.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"yizhan/geo"
	"yizhan/internal/cluster"
	"yizhan/internal/sample"
)

// commands is the command line: flags, environment and help in one place.
type commands struct {
	LogLevel  slog.Level `help:"Least level that is logged: debug, info, warn or error." default:"info" env:"YIZHAN_LOG_LEVEL"`
	LogFormat string     `help:"Form of the log on standard error." enum:"text,json" default:"text" env:"YIZHAN_LOG_FORMAT"`

	Up      upCommand      `cmd:"" help:"Start everything: a private PostgreSQL, the sample city when the ledger is empty, and the server."`
	Serve   serveCommand   `cmd:"" help:"Serve from your own PostgreSQL with PostGIS."`
	Import  importCommand  `cmd:"" help:"Import survey files into a layer."`
	Imports importsCommand `cmd:"" help:"List the imports, newest first."`
	Undo    undoCommand    `cmd:"" help:"Take an import back."`
	Purge   purgeCommand   `cmd:"" help:"Take values for good out of what is kept beside the present rows."`
	Expire  expireCommand  `cmd:"" help:"Delete persons whose time is over."`
	Export  exportCommand  `cmd:"" help:"Write the tiles into one file for a static host."`
	Ask     askCommand     `cmd:"" help:"Ask a question; without a name, list the questions."`
	Sample  sampleCommand  `cmd:"" help:"Write the synthetic sample city as GeoJSON files."`
	DSN     dsnCommand     `cmd:"" name:"dsn" help:"Print how psql, QGIS and ogr2ogr reach the ledger."`
}

const description = `Yizhan (驿站): the map, the importer and the questions of a city-management bureau.

Examples:
  yizhan up
  yizhan import manholes.geojson --layer manhole
  yizhan ask members_within station=ST-001

Exit codes: 0 done; 1 failed here; 2 the input or the command line is wrong; 3 not found;
4 forbidden; 5 conflict; 6 not available now; 130 interrupted.`

// exits turns kinds of error into exit codes, in this order.
var exits = []struct {
	kind error
	code int
}{
	{context.Canceled, 130},
	{geo.ErrInvalid, 2},
	{geo.ErrNotFound, 3},
	{geo.ErrForbidden, 4},
	{geo.ErrConflict, 5},
	{geo.ErrUnavailable, 6},
	{cluster.ErrNotInstalled, 6},
	{cluster.ErrNotRunning, 6},
}

func main() {
	os.Exit(run(os.Args[1:]))
}

// run carries out one command line and returns the exit code.
func run(args []string) int {
	var cli commands
	parser, err := kong.New(&cli, kong.Name("yizhan"), kong.Description(description), kong.UsageOnError(), kong.Vars{
		"default_data": cluster.DefaultDir(),
		"default_seed": strconv.FormatUint(sample.DefaultSeed, 10),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "yizhan:", err)
		return 1
	}
	command, err := parser.Parse(args)
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once
	}()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(cli.logger()); err != nil {
		fmt.Fprintln(os.Stderr, "yizhan:", sentence(err))
		return exitCode(err)
	}
	return 0
}

// sentence is an error without the name of its kind at the end.
func sentence(err error) string {
	text := err.Error()
	for _, row := range exits {
		text = strings.TrimSuffix(text, ": "+row.kind.Error())
	}
	return text
}

func exitCode(err error) int {
	for _, row := range exits {
		if errors.Is(err, row.kind) {
			return row.code
		}
	}
	return 1
}

func (c *commands) logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
