package gdal

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

func openWritable(at string) (*sql.DB, error) { return sql.Open("sqlite", at) }

// sleeper writes its number and that of a child, and never ends.
const sleeper = `sleep 1000 & echo $$ $! > "$HOME/numbers"; echo '` + oneFeature + `,'; wait`

// numbers of the processes that the sleeper started, once it has.
func numbers(t *testing.T, g *programs) (found []int) {
	t.Helper()
	for len(found) < 2 {
		text, err := os.ReadFile(filepath.Join(g.home, "numbers"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		found = nil
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				found = append(found, n)
			}
		}
		if t.Context().Err() != nil {
			t.Fatal("the program did not start")
		}
		time.Sleep(time.Millisecond)
	}
	return found
}

// gone waits until there is no such process, or it is a zombie of another's.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || strings.Contains(string(stat), ") Z ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %d lives", pid)
		}
	}
}

func TestACancelledReadingLeavesNoProcess(t *testing.T) {
	g := program(t, sleeper)
	ctx, cancel := context.WithCancel(t.Context())
	cutter, err := g.reading().cutter(ctx, &record.Pace{})
	if err != nil {
		t.Fatal(err)
	}
	pids := numbers(t, g)
	cancel()
	if err := cutter.Next(&record.Batch{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for _, pid := range pids {
		gone(t, pid)
	}
	if err := cutter.Close(); err != nil {
		t.Error(err)
	}
}

func TestAClosedReadingLeavesNoProcess(t *testing.T) {
	g := program(t, sleeper)
	cutter, err := g.reading().cutter(t.Context(), &record.Pace{})
	if err != nil {
		t.Fatal(err)
	}
	pids := numbers(t, g)
	for range 2 {
		if err := cutter.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, pid := range pids {
		gone(t, pid)
	}
}

func TestAProgramThatTakesTooLongIsStopped(t *testing.T) {
	g := program(t, sleeper)
	g.limit = 50 * time.Millisecond
	cutter, err := g.reading().cutter(t.Context(), &record.Pace{})
	if err != nil {
		t.Fatal(err)
	}
	if err := cutter.Next(&record.Batch{}); !errors.Is(err, geo.ErrInvalid) ||
		!strings.Contains(err.Error(), "took longer than 50ms") {
		t.Errorf("%v", err)
	}
	if err := cutter.Close(); err != nil {
		t.Error(err)
	}
}

func TestNothingOfTheCallerIsPassedOn(t *testing.T) {
	t.Setenv("https_proxy", "http://secret")
	t.Setenv("PGPASSWORD", "secret")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	g := program(t, "env")
	text, err := g.run(t.Context(), []string{"GDAL_SKIP=all"}, g.ogr2ogr)
	if err != nil || strings.Contains(string(text), "secret") || !strings.Contains(string(text), "HOME="+g.home) ||
		!strings.Contains(string(text), "GDAL_SKIP=all") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAnEndlessListIsCut(t *testing.T) {
	g := program(t, "yes 'Layer name: x'")
	if _, err := g.run(t.Context(), nil, g.ogr2ogr); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func TestTheProgramsHaveNoNetwork(t *testing.T) {
	needGDAL(t)
	g, err := findPrograms(t.Context(), record.Input{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	if !g.isolated {
		t.Skip("SKIPPED: the kernel gives no network namespace here, so programs run without one")
	}
	script := program(t, "cat /proc/net/dev")
	script.isolated = true
	text, err := script.run(t.Context(), nil, script.ogr2ogr)
	if err != nil || strings.Count(string(text), ":") != 1 || !strings.Contains(string(text), "lo:") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestTheMemoryOfAProgramIsLimited(t *testing.T) {
	g := program(t, `sleep 0.2; ulimit -v`)
	g.memory = 1 << 30
	text, err := g.run(t.Context(), nil, g.ogr2ogr)
	if err != nil || strings.TrimSpace(string(text)) != strconv.Itoa(1<<20) {
		t.Errorf("%s KiB, %v", text, err)
	}
}

func TestAnOpeningLeavesNoFolder(t *testing.T) {
	at := made(t, wellsDegrees, "KML", "a.kml")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	file, err := throughGDAL(t, at, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	closed(t, file)
	if _, err := throughGDAL(t, at, record.Options{Inside: "none"}); !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, record.Input{Name: "a.kml", Path: at}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if n := recordtest.Left(t, temp); n != 0 {
		t.Errorf("%d folders are left", n)
	}
}
