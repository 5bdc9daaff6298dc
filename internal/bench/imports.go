package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// rounds of an import, of which the median counts.
const rounds = 3

// imports compares the importer with the floor (COPY in binary form of the same
// rows into the same table, and the same indexes built after it) and with
// ogr2ogr, then imports the same file again, and one of which a hundredth changed.
func (b *bench) imports(ctx context.Context, dir string) error {
	for _, s := range surveys() {
		if err := s.write(dir); err != nil {
			return err
		}
		note("%s: %d MB", filepath.Base(s.file), s.size/1e6)
		if err := b.survey(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := errors.Join(os.Remove(s.file), os.Remove(s.changed)); err != nil {
			return err
		}
	}
	return b.readers(ctx, dir)
}

// times are what the rounds took.
type times struct{ first, floor, ogr, again, changed []time.Duration }

func middle(list []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

// survey measures one layer.
func (b *bench) survey(ctx context.Context, s survey) error {
	var t times
	var peak int64
	timed := func(list *[]time.Duration, file string) error {
		took, most, err := b.runImport(ctx, file, s.name)
		*list, peak = append(*list, took), max(peak, most)
		return err
	}
	for round := range rounds {
		if err := b.emptyLayer(ctx, s); err != nil {
			return err
		}
		if err := timed(&t.first, s.file); err != nil {
			return err
		}
		floor, err := b.importFloor(ctx, s.table)
		if err != nil {
			return err
		}
		t.floor = append(t.floor, floor)
		if round == 0 {
			if t.ogr, err = b.ogr2ogr(ctx, s); err != nil {
				return err
			}
		}
	}
	files := []string{s.file, s.changed}
	for round := range rounds {
		for _, step := range []struct {
			list *[]time.Duration
			file string
			rows int
		}{{&t.again, files[round%2], 0}, {&t.changed, files[1-round%2], s.rows / 100}} {
			before, err := b.journalled(ctx, s.name)
			if err != nil {
				return err
			}
			if err := timed(step.list, step.file); err != nil {
				return err
			}
			after, err := b.journalled(ctx, s.name)
			if err != nil {
				return err
			}
			if after-before != step.rows {
				return fmt.Errorf("%s: the journal has %d rows more, and %d were to be written", filepath.Base(step.file), after-before, step.rows)
			}
		}
	}
	b.tell(s, t, peak)
	return nil
}

// tell adds the lines of one layer to the table.
func (b *bench) tell(s survey, t times, peak int64) {
	seconds := func(list []time.Duration) string { return fmt.Sprintf("%.2f s", middle(list).Seconds()) }
	ratio := func(a, b []time.Duration) string {
		return fmt.Sprintf("%.2f×", middle(a).Seconds()/middle(b).Seconds())
	}
	b.add("import of "+s.what+", "+strconv.FormatInt(s.size/1e6, 10)+" MB of GeoJSON, empty layer", fmt.Sprintf("%s, peak %.0f MiB", seconds(t.first), float64(peak)/(1<<20)),
		"floor (COPY BINARY, then indexes) "+seconds(t.floor), ratio(t.first, t.floor))
	if len(t.ogr) > 0 {
		b.add("the same", seconds(t.first), "ogr2ogr, PG_USE_COPY "+seconds(t.ogr), ratio(t.ogr, t.first)+" faster")
	}
	b.add("the same file again, nothing written", seconds(t.again), "first time "+seconds(t.first), ratio(t.first, t.again)+" faster")
	b.add("a hundredth changed, that much journalled", seconds(t.changed), "unchanged "+seconds(t.again), ratio(t.changed, t.again))
}

// emptyLayer makes the layer again.
func (b *bench) emptyLayer(ctx context.Context, s survey) error {
	for _, statement := range []string{
		"delete from catalog.layer where name = '" + s.name + "'", "drop table if exists city." + s.name, createTable("city", s.table),
		"select catalog.publish('city." + s.name + "', key_column => 'code', facet => 'kind')",
		fmt.Sprintf("update catalog.layer set spacing_m = nullif(%g, 0) where name = '%s'", s.spacing, s.name), "checkpoint",
	} {
		if _, err := b.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// journalled is how many former rows the journal has of a layer.
func (b *bench) journalled(ctx context.Context, layer string) (n int, err error) {
	err = b.conn.QueryRow(ctx, "select count(*) from journal.before join journal.entry on entry = seq where layer = $1", layer).Scan(&n)
	return n, err
}

// ogr2ogr loads the file into a table of its own; nothing when it is not installed.
func (b *bench) ogr2ogr(ctx context.Context, s survey) ([]time.Duration, error) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		note("ogr2ogr is not installed and is not compared")
		return nil, nil
	}
	to, err := pgx.ParseConfig(b.dsn)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, "ogr2ogr", "-f", "PostgreSQL", fmt.Sprintf("PG:host=%s port=%d user=%s dbname=%s", to.Host, to.Port, to.User, to.Database),
		s.file, "-nln", "ogr_"+s.name, "--config", "PG_USE_COPY", "YES", "-lco", "SCHEMA=public")
	started := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("ogr2ogr: %w\n%s", err, out)
	}
	took := time.Since(started)
	_, err = b.conn.Exec(ctx, "drop table public.ogr_"+s.name)
	return []time.Duration{took}, err
}

// importFloor is the least such a load can cost: the bytes are made beforehand.
func (b *bench) importFloor(ctx context.Context, t table) (time.Duration, error) {
	from, columns := "city."+t.name, strings.Join(append(columnNames(t), "geom"), ", ")
	t.name = "floor_" + t.name
	into := "city." + t.name
	if _, err := b.conn.Exec(ctx, createTable("city", t)); err != nil {
		return 0, err
	}
	if _, err := b.conn.Exec(ctx, "alter table "+into+" drop constraint "+t.name+"_pkey"); err != nil {
		return 0, err
	}
	encoded, err := os.CreateTemp("", "yizhan-floor-*.pgcopy")
	if err != nil {
		return 0, err
	}
	defer os.Remove(encoded.Name())
	defer encoded.Close()
	if _, err := b.conn.PgConn().CopyTo(ctx, encoded, "copy (select gid, "+columns+" from "+from+" order by gid) to stdout (format binary)"); err != nil {
		return 0, err
	}
	if _, err := encoded.Seek(0, 0); err != nil {
		return 0, err
	}
	if _, err := b.conn.Exec(ctx, "checkpoint"); err != nil {
		return 0, err
	}
	started := time.Now()
	if _, err := b.conn.PgConn().CopyFrom(ctx, encoded, "copy "+into+" (gid, "+columns+") from stdin (format binary)"); err != nil {
		return 0, err
	}
	for _, index := range []string{"alter table " + into + " add primary key (gid)", "create unique index on " + into + " (code)", "create index on " + into + " using gist (geom)"} {
		if _, err := b.conn.Exec(ctx, index); err != nil {
			return 0, err
		}
	}
	took := time.Since(started)
	_, err = b.conn.Exec(ctx, "drop table "+into)
	return took, err
}

// runImport runs the binary as a planner does, and returns its time and its
// greatest resident memory in bytes (VmHWM, proc(5); what wait4 tells would
// include this process's own, from before exec).
func (b *bench) runImport(ctx context.Context, file, layer string) (time.Duration, int64, error) {
	command := exec.CommandContext(ctx, b.binary, "import", file, "--layer", layer, "--dsn", b.dsn)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	started := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	status := fmt.Sprintf("/proc/%d/status", command.Process.Pid)
	var peak int64
	for {
		select {
		case err := <-done:
			took := time.Since(started)
			if err != nil {
				err = fmt.Errorf("%w\n%s", err, out.Bytes())
			}
			return took, peak, err
		case <-time.After(20 * time.Millisecond):
			peak = max(peak, highWater(status))
		}
	}
}

// highWater reads VmHWM, in bytes; 0 when the process is gone.
func highWater(status string) int64 {
	text, err := os.ReadFile(status)
	if err != nil {
		return 0
	}
	_, after, found := strings.Cut(string(text), "VmHWM:")
	if !found {
		return 0
	}
	fields := strings.Fields(after)
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes * 1024
}
