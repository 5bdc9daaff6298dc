// Command bench measures the service against the floor and against PostGIS, on a
// made-up city of fixed seed, in one run on one machine, and prints ratios.
//
// It is not a test: nothing here passes or fails by the clock.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/cluster"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
)

// options of a run.
type options struct {
	binary  string        // the yizhan binary, for the import's memory
	seconds time.Duration // of each measured stretch
	only    string
	long    time.Duration // of the parts that watch for leaks
	points  int           // most points of the part scale
}

func main() {
	var o options
	flag.StringVar(&o.binary, "yizhan", "bin/yizhan", "the binary whose import is measured")
	flag.DurationVar(&o.seconds, "for", 5*time.Second, "how long each stretch is measured")
	flag.StringVar(&o.only, "only", "", "measure some parts, by commas: "+strings.Join(partNames(), ", "))
	flag.DurationVar(&o.long, "long", time.Minute, "how long positions and soak are measured")
	flag.IntVar(&o.points, "points", 10_000_000, "the largest layer of the part scale")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is what the parts share.
type bench struct {
	options
	dsn    string
	ledger *ledger.Ledger
	conn   *pgx.Conn
	log    *slog.Logger
	lines  []line
}

// line is one row of the printed table.
type line struct{ what, ours, theirs, ratio string }

func (b *bench) add(what, ours, theirs, ratio string) {
	b.lines = append(b.lines, line{what, ours, theirs, ratio})
	note("%s: %s | %s | %s", what, ours, theirs, ratio)
}

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "yizhan-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	private, err := cluster.Open(ctx, cluster.Options{Dir: dir + "/pg", Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, private.Close(context.WithoutCancel(ctx))) }()
	const database = "yizhan"
	if err := pg.SetUpPrivate(ctx, pg.PrivateRoles{
		Admin: cluster.Admin, Helper: cluster.Helper,
		SetupNames: pg.SetupNames{Owner: cluster.Owner, Reader: cluster.Reader, Database: database},
		Address:    func(role string) string { return private.DSN(database, role) },
	}); err != nil {
		return err
	}
	b := &bench{options: o, dsn: private.DSN(database, cluster.Owner), log: log}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	defer b.ledger.Close()
	defer b.conn.Close(context.WithoutCancel(ctx))
	for _, part := range parts(dir) {
		wanted := slices.Contains(strings.Split(o.only, ","), part.name)
		if o.only != "" && !wanted || o.only == "" && part.name == "soak" {
			continue
		}
		note("— %s", part.name)
		if err := part.measure(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	b.print(ctx)
	return nil
}

// part is one thing that is measured.
type part struct {
	name    string
	measure func(*bench, context.Context) error
}

func parts(dir string) []part {
	return []part{
		{"start", (*bench).start}, {"tiles", (*bench).cold}, {"served", (*bench).served}, {"hot", (*bench).hot},
		{"stampede", (*bench).stampede}, {"live", (*bench).live}, {"fresh", (*bench).fresh}, {"positions", (*bench).positions},
		{"pyramid", func(b *bench, ctx context.Context) error { return b.pyramid(ctx, dir) }},
		{"import", func(b *bench, ctx context.Context) error { return b.imports(ctx, dir) }},
		{"scale", (*bench).scale}, {"soak", (*bench).soak},
	}
}

func partNames() (names []string) {
	for _, p := range parts("") {
		names = append(names, p.name)
	}
	return names
}

func (b *bench) prepare(ctx context.Context) error {
	var err error
	if b.ledger, err = ledger.Open(ctx, pg.Logins{Owner: b.dsn}); err != nil {
		return err
	}
	if err := b.ledger.DB().Migrate(ctx); err != nil {
		return err
	}
	if b.conn, err = pgx.Connect(ctx, b.dsn); err != nil {
		return err
	}
	if err := registerGeometry(ctx, b.conn); err != nil {
		return err
	}
	return fill(ctx, b.conn)
}

// print writes the table in Markdown, with the machine it was measured on.
func (b *bench) print(ctx context.Context) {
	var version string
	if err := b.conn.QueryRow(ctx, "select split_part(version(), ' on ', 1) || ', PostGIS ' || postgis_lib_version()").Scan(&version); err != nil {
		version = err.Error()
	}
	fmt.Printf("%d cores, %s, %s\n\n", runtime.NumCPU(), runtime.Version(), version)
	fmt.Println("| what | Yizhan | beside it | ratio |\n|---|---|---|---|")
	for _, l := range b.lines {
		fmt.Printf("| %s | %s | %s | %s |\n", l.what, l.ours, l.theirs, l.ratio)
	}
}
