// Command yizhan is the one binary of the service: the map and query server, the
// importer and the questions, each a command of its own.
//
// It holds flags, wiring, exit codes and what is printed, and no logic.
package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/alecthomas/kong"

	"yizhan/geo"
	"yizhan/internal/account"
	"yizhan/internal/cluster"
	"yizhan/internal/ledger"
	"yizhan/internal/sample"
	"yizhan/internal/visible"
)

// commands is the command line: flags, environment and help in one place.
type commands struct {
	Language  string     `name:"lang" help:"Language of messages and help: zh, en or auto (from LC_ALL, LC_MESSAGES or LANG)." enum:"auto,zh,en" default:"auto" env:"YIZHAN_LANG"`
	LogLevel  slog.Level `help:"Minimum log level: debug, info, warn or error." default:"info" env:"YIZHAN_LOG_LEVEL"`
	LogFormat string     `help:"Log format on standard error: text or json." enum:"text,json" default:"text" env:"YIZHAN_LOG_FORMAT"`
	User      string     `help:"Account to switch to when root starts yizhan (default: the owner of the private PostgreSQL's folder, or postgres; with --dsn, nobody)." env:"YIZHAN_USER" placeholder:"NAME"`

	Version versionFlag `help:"Print the version and build details."`
	Notices noticesFlag `help:"Print the licences of third-party software in this binary."`

	Up      upCommand      `cmd:"" help:"Start everything: a private PostgreSQL, the sample city if the ledger is empty, and the server."`
	Serve   serveCommand   `cmd:"" help:"Serve from your own PostgreSQL with PostGIS."`
	Import  importCommand  `cmd:"" help:"Import survey files into a layer."`
	Imports importsCommand `cmd:"" help:"List imports, newest first."`
	Undo    undoCommand    `cmd:"" help:"Undo an import."`
	Purge   purgeCommand   `cmd:"" help:"Permanently remove former values from the journal, previews and reports."`
	Expire  expireCommand  `cmd:"" help:"Delete persons whose retention period has ended."`
	Export  exportCommand  `cmd:"" help:"Write the tiles to a single file for static hosting."`
	Ask     askCommand     `cmd:"" help:"Ask a question, or list the questions."`
	Sample  sampleCommand  `cmd:"" help:"Write the synthetic sample city as GeoJSON files."`
	Station stationCommand `cmd:"" help:"Confirm the positions of stations and catchments."`
	Setup   setupCommand   `cmd:"" help:"Print the SQL that prepares your own PostgreSQL."`
	DSN     dsnCommand     `cmd:"" name:"dsn" help:"Print the connection settings for psql, QGIS and ogr2ogr."`
}

const description = `Yizhan (驿站): map, importer and questions of a city-management bureau.

Examples:
  yizhan up
  yizhan import manholes.geojson --layer manhole
  yizhan ask members_within station=ST-001

Exit codes: 0 success; 1 failure on this machine; 2 invalid input or command line; 3 not found; 4 forbidden;
5 conflict; 6 unavailable; 130 interrupted.`

// exits turns kinds of error into exit codes, in this order.
var exits = []struct {
	kind error
	code int
}{
	{context.Canceled, 130},
	{geo.ErrInvalid, 2},
	{geo.ErrNotFound, 3},
	{geo.ErrForbidden, 4},
	{ledger.ErrBudget, 4},
	{geo.ErrConflict, 5},
	{geo.ErrUnavailable, 6},
	{cluster.ErrNotInstalled, 6},
	{cluster.ErrNotRunning, 6},
}

func main() {
	if deliverer, err := account.Delivers(); deliverer {
		os.Exit(exitCode(err))
	}
	os.Exit(run(os.Args[1:]))
}

// run carries out one command line and returns the exit code.
func run(args []string) int {
	reader := terminal{languageOf(args, os.Getenv)}
	var cli commands
	parser, err := newParser(&cli, reader)
	if err != nil {
		reader.complain(err)
		return 1
	}
	command, err := parser.Parse(args)
	if err != nil {
		reader.complain(misused(err))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once
	}()
	if err := cli.carryOut(ctx, command, reader); err != nil {
		reader.complain(err)
		return exitCode(err)
	}
	return 0
}

// newParser reads command lines into cli and prints help for the reader.
func newParser(cli *commands, reader terminal) (*kong.Kong, error) {
	return kong.New(cli, kong.Name("yizhan"), kong.Description(description), kong.PostBuild(reader.translate),
		kong.Help(reader.help), kong.Writers(people(os.Stdout), people(os.Stderr)), kong.Vars{
			"default_data": cluster.DefaultDir(),
			"default_run":  defaultRunDir(),
			"default_seed": strconv.FormatUint(sample.DefaultSeed, 10),
		})
}

// carryOut runs the command as an ordinary account.
func (c *commands) carryOut(ctx context.Context, command *kong.Context, reader terminal) error {
	handover, err := account.Received()
	if err != nil {
		return err
	}
	log := c.logger()
	if err := leaveRoot(ctx, command.Selected().Target.Addr().Interface(), c.User, log); err != nil {
		return err
	}
	ctx = handover.With(ctx)
	command.BindTo(ctx, (*context.Context)(nil))
	return errors.Join(command.Run(log, reader), handover.Deliver())
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
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
		return slog.New(slog.NewJSONHandler(visible.NewJSONWriter(os.Stderr), options))
	}
	return slog.New(slog.NewTextHandler(people(os.Stderr), options))
}
