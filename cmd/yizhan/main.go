// Command yizhan is the one binary of the service: the map and query server, the
// importer and the questions, each a command of its own.
//
// It holds flags, wiring and exit codes, and no logic.
package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
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
	LogLevel  slog.Level `help:"Least level that is logged: debug, info, warn or error." default:"info" env:"YIZHAN_LOG_LEVEL"`
	LogFormat string     `help:"Form of the log on standard error." enum:"text,json" default:"text" env:"YIZHAN_LOG_FORMAT"`
	User      string     `help:"Account to work as when root starts yizhan (default: the owner of the folder of the private PostgreSQL, else postgres; nobody with --dsn)." env:"YIZHAN_USER" placeholder:"NAME"`

	Version versionFlag `help:"Print the version and what it was built from."`
	Notices noticesFlag `help:"Print the licences of the works of others in this binary."`

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
	Station stationCommand `cmd:"" help:"Confirm where stations and catchments lie."`
	Setup   setupCommand   `cmd:"" help:"Print what an administrator of your own PostgreSQL runs once."`
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
	var cli commands
	parser, err := kong.New(&cli, kong.Name("yizhan"), kong.Description(description), kong.UsageOnError(), kong.Writers(people(os.Stdout), people(os.Stderr)), kong.Vars{
		"default_data": cluster.DefaultDir(),
		"default_run":  defaultRunDir(),
		"default_seed": strconv.FormatUint(sample.DefaultSeed, 10),
	})
	if err != nil {
		complain(err)
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
	if err := cli.carryOut(ctx, command); err != nil {
		complain(err)
		return exitCode(err)
	}
	return 0
}

// carryOut runs the command as an ordinary account.
func (c *commands) carryOut(ctx context.Context, command *kong.Context) error {
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
	return errors.Join(command.Run(log), handover.Deliver())
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
