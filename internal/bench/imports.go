package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// imports compares the importer with the floor: COPY in binary form of the same
// rows into the same table, and the same indexes built after it.
func (b *bench) imports(ctx context.Context, dir string) error {
	points := cityTables()[0]
	points.name = "import_point"
	file := filepath.Join(dir, "points.geojson")
	size, err := writeGeoJSON(file, points)
	if err != nil {
		return err
	}
	note("points.geojson: %d MB", size/1e6)
	floor, err := b.importFloor(ctx, points)
	if err != nil {
		return err
	}
	if _, err := b.conn.Exec(ctx, createTable("city", points)); err != nil {
		return err
	}
	if _, err := b.conn.Exec(ctx, "select catalog.publish('city.import_point', key_column => 'code')"); err != nil {
		return err
	}
	for _, again := range []bool{false, true} {
		took, peak, err := b.runImport(ctx, file)
		if err != nil {
			return err
		}
		what := "import of 1,000,000 points as GeoJSON"
		if again {
			what = "the same file again"
		}
		b.add(what, fmt.Sprintf("%.2f s, peak %.0f MiB", took.Seconds(), float64(peak)/(1<<20)),
			fmt.Sprintf("floor (COPY BINARY + indexes) %.2f s", floor.Seconds()), fmt.Sprintf("%.2f×", took.Seconds()/floor.Seconds()))
	}
	return nil
}

// importFloor is the least such a load can cost: the bytes are made beforehand.
func (b *bench) importFloor(ctx context.Context, t table) (time.Duration, error) {
	t.name = "floor_point"
	if _, err := b.conn.Exec(ctx, createTable("city", t)); err != nil {
		return 0, err
	}
	if _, err := b.conn.Exec(ctx, "alter table city.floor_point drop constraint floor_point_pkey"); err != nil {
		return 0, err
	}
	encoded, err := os.CreateTemp("", "yizhan-floor-*.pgcopy")
	if err != nil {
		return 0, err
	}
	defer os.Remove(encoded.Name())
	defer encoded.Close()
	source := "city." + cityTables()[0].name
	if _, err := b.conn.PgConn().CopyTo(ctx, encoded, "copy (select gid, code, kind, condition, diameter_mm, geom from "+source+" order by gid) to stdout (format binary)"); err != nil {
		return 0, err
	}
	if _, err := encoded.Seek(0, 0); err != nil {
		return 0, err
	}
	started := time.Now()
	if _, err := b.conn.PgConn().CopyFrom(ctx, encoded, "copy city.floor_point (gid, code, kind, condition, diameter_mm, geom) from stdin (format binary)"); err != nil {
		return 0, err
	}
	for _, index := range []string{
		"alter table city.floor_point add primary key (gid)",
		"create unique index on city.floor_point (code)",
		"create index on city.floor_point using gist (geom)",
	} {
		if _, err := b.conn.Exec(ctx, index); err != nil {
			return 0, err
		}
	}
	return time.Since(started), nil
}

// runImport runs the binary as a planner does, and returns its time and its
// greatest resident memory in bytes (VmHWM, proc(5); what wait4 tells would
// include this process's own, from before exec).
func (b *bench) runImport(ctx context.Context, file string) (time.Duration, int64, error) {
	command := exec.CommandContext(ctx, b.binary, "import", file, "--layer", "import_point", "--dsn", b.dsn)
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
