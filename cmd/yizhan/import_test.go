package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/importer"
	"yizhan/internal/cluster"
)

// program is the binary, built once, when a test first needs it.
var program = sync.OnceValues(func() (string, error) {
	built.Store(true)
	dir, err := os.MkdirTemp("", "yizhan-program-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "yizhan")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// built is whether a test needed the binary.
var built atomic.Bool

func TestMain(m *testing.M) {
	code := m.Run()
	if built.Load() {
		if path, err := program(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

// bureau is a private ledger in a folder of its own, and a folder to work in.
type bureau struct {
	data, work string
	conn       *pgx.Conn
}

// openBureau starts a private PostgreSQL that goes on whatever happens to the commands.
func openBureau(t *testing.T) *bureau {
	t.Helper()
	folder := publicFolder(t)
	b := &bureau{data: filepath.Join(folder, "data"), work: t.TempDir()}
	b.start(t)
	return b
}

// publicFolder is a folder that the server's account can reach.
func publicFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "yizhan-import-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// start starts the server and connects to it.
func (b *bureau) start(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	private, err := cluster.Open(ctx, cluster.Options{Dir: b.data, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		if errors.Is(err, cluster.ErrNotInstalled) && os.Getenv("CI") != "true" {
			t.Skipf("SKIPPED, NOT TESTED: %v", err)
		}
		t.Fatal(err)
	}
	if code, text := b.run(t, "imports"); code != 0 { // makes the ledger
		t.Fatalf("yizhan imports: %d: %s", code, text)
	}
	if b.conn, err = pgx.Connect(ctx, private.DSN("yizhan", cluster.Owner)); err != nil {
		t.Fatal(err)
	}
	// as "yizhan up" does: recovery ends the server for good while its disk is still full
	keeping, stop := context.WithCancel(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { private.Keep(keeping) })
	t.Cleanup(func() {
		stop()
		keeper.Wait()
		_ = b.conn.Close(ctx)
		if err := private.Close(ctx); err != nil {
			t.Logf("stop the server: %v", err)
		}
	})
}

// command is one of the program, on the bureau's ledger and in its folder.
func (b *bureau) command(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, append(args, "--data", b.data)...)
	c.Dir, c.Env = b.work, append(os.Environ(), "LANG=en_US.UTF-8", "LC_ALL=", "YIZHAN_DSN=")
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	return c, &said
}

// run carries a command out and returns its exit code and what it said.
func (b *bureau) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	c, said := b.command(t, args...)
	if err := c.Run(); err != nil {
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
			t.Fatal(err)
		}
	}
	return c.ProcessState.ExitCode(), said.String()
}

// file writes a file into the folder of work.
func (b *bureau) file(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(b.work, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func (b *bureau) value(t *testing.T, query string) string {
	t.Helper()
	var text string
	if err := b.conn.QueryRow(context.Background(), "select coalesce(("+query+")::text, 'null')").Scan(&text); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}

// stations is a file of n stations.
func stations(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"code":"M%06d","name":"站","status":"open"},"geometry":{"type":"Point","coordinates":[%.5f,%.5f]}}`+"\n", i, 112.2+float64(i%1000)*1e-4, 32.8+float64(i/1000)*1e-4)
	}
	return b.String()
}

// quietly waits until nobody else is at work in the ledger.
func (b *bureau) quietly(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if b.value(t, "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'") == "0" {
			return
		}
	}
	t.Fatal("sessions of a killed command are still at work after 30 s")
}

// traces are what an import must not leave behind: staging tables, triggers that
// are off, indexes that are missing or broken, and batches without an end.
const traces = `select concat_ws(' ', (select count(*) from pg_class where relname like 'yizhan\_staging%'),
	(select count(*) from pg_class c where relnamespace = 'staging'::regnamespace),
	(select count(*) from pg_trigger where tgrelid = 'city.station'::regclass and tgenabled <> 'O'),
	(select count(*) from pg_index where indrelid = 'city.station'::regclass and indisvalid), (select count(*) from pg_index where not indisvalid))`

func TestAKilledImportIsThereWholeOrNotAtAll(t *testing.T) {
	if testing.Short() {
		t.Skip("imports 100,000 points a dozen times")
	}
	b := openBureau(t)
	const n = 100_000
	file := b.file(t, "stations.geojsonl", stations(n))
	clean := b.value(t, traces)
	args := []string{"import", file, "--layer", "station"}
	begun := time.Now()
	if code, said := b.run(t, args...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	whole := time.Since(begun)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the seed was %d", seed)
		}
	})
	there := 0
	for try := range 10 {
		// in turn into an empty layer and into one of which all rows change
		before := "0"
		if _, err := b.conn.Exec(context.Background(), "truncate city.station"); err != nil {
			t.Fatal(err)
		}
		if try%2 == 1 {
			if _, err := b.conn.Exec(context.Background(), `insert into city.station (code, name, status, geom)
				select 'M' || lpad(i::text, 6, '0'), '旧', 'open', st_setsrid(st_point(112.5, 33), 4326) from generate_series(0, 49999) i`); err != nil {
				t.Fatal(err)
			}
			before = "50000"
		}
		finished := b.value(t, "select count(*) from journal.batch")
		c, _ := b.command(t, args...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Float64() * (1.3 + 2*float64(try%2)) * float64(whole)))
		_ = c.Process.Signal(syscall.SIGKILL)
		_ = c.Wait()
		b.quietly(t)
		rows, old, done := b.value(t, "select count(*) from city.station"), b.value(t, "select count(*) from city.station where name = '旧'"), b.value(t, "select count(*) from journal.batch")
		switch {
		case rows == fmt.Sprint(n) && old == "0" && done != finished:
			there++
		case rows != before || old != before || done != finished:
			t.Errorf("try %d: %s rows, %s of them old, %s batches after %s", try, rows, old, done, finished)
		}
		if got := b.value(t, traces); got != clean {
			t.Errorf("try %d left something: %s, was %s", try, got, clean)
		}
	}
	t.Logf("%d of 10 imports were there whole", there)
	if code, said := b.run(t, args...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	if got := b.value(t, "select count(*) || ' ' || count(distinct code) from city.station where name = '站'"); got != fmt.Sprintf("%d %[1]d", n) {
		t.Errorf("the layer has %s", got)
	}
	code, said := b.run(t, append(args, "--format", "json")...)
	var report importer.Report
	if err := json.Unmarshal([]byte(said), &report); err != nil || code != 0 || report.Unchanged != n {
		t.Errorf("again: %d, %v, %s", code, err, said)
	}
}

func TestAKilledImportKeepsNobodyOut(t *testing.T) {
	b := openBureau(t)
	changing := b.file(t, "changing.geojson", strings.ReplaceAll(stations(1), `"name":"站"`, `"name":"新"`))
	other := b.file(t, "other.geojson", strings.NewReplacer("M0000", "N0000", ",32.8", ",32.9").Replace(stations(1)))
	if code, said := b.run(t, "import", b.file(t, "first.geojson", stations(3)), "--layer", "station"); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	ctx := context.Background()
	somebody, err := b.conn.Begin(ctx) // keeps the row that the import is to change
	if err != nil {
		t.Fatal(err)
	}
	defer somebody.Rollback(ctx)
	if _, err := somebody.Exec(ctx, "update city.station set name = '改' where code = 'M000000'"); err != nil {
		t.Fatal(err)
	}
	c, _ := b.command(t, "import", changing, "--layer", "station")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); b.value(t, "select count(*) from pg_locks where not granted") == "0"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the import does not wait for the row")
		}
	}
	_ = c.Process.Signal(syscall.SIGKILL)
	_ = c.Wait()
	if code, said := b.run(t, "import", other, "--layer", "station"); code != 0 || !strings.Contains(said, "inserted 1") {
		t.Errorf("%d: %s", code, said)
	}
}

func TestExitCodesOfImports(t *testing.T) {
	b := openBureau(t)
	good := b.file(t, "good.geojson", stations(3))
	bad := b.file(t, "bad.geojson", strings.ReplaceAll(stations(3), `"status":"open"`, `"status":"torn"`))
	half := b.file(t, "half.geojson", stations(1)+strings.Replace(strings.NewReplacer("M0000", "N0000", ",32.8", ",32.9").Replace(stations(2)), `"status":"open"`, `"status":"torn"`, 1))
	broken := b.file(t, "broken.geojson", `{"type":"FeatureCollection","features":[`+strings.TrimSpace(stations(1))+`,{"type":"Fea`)
	degrees := b.file(t, "degrees.csv", "code,status,经度,纬度\nA,open,112.5,33\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a good file", []string{good, "--layer", "station"}, 0, "inserted 3"},
		{"a dry run", []string{good, "--layer", "station", "--dry-run"}, 0, "nothing has been written"},
		{"some rows rejected", []string{half, "--layer", "station", "--rejects", "none"}, 0, "rejected 1"},
		{"some rows rejected under --strict", []string{half, "--layer", "station", "--strict", "--rejects", "none"}, 2, "--strict"},
		{"every row rejected", []string{bad, "--layer", "station", "--rejects", "none"}, 2, "all rows were rejected"},
		{"every row rejected in a dry run", []string{bad, "--layer", "station", "--dry-run"}, 2, "all rows were rejected"},
		{"a good and a bad file", []string{good, bad, "--layer", "station", "--rejects", "none"}, 2, "all rows were rejected"},
		{"a file that breaks off", []string{broken, "--layer", "station"}, 2, "the file ends at byte"},
		{"a question about the system", []string{degrees, "--layer", "station"}, 2, "--crs gcj02"},
		{"a system that is none", []string{degrees, "--layer", "station", "--crs", "EPSG:0"}, 2, "EPSG"},
		{"a layer that is not there", []string{good, "--layer", "stations"}, 3, "station"},
		{"a layer to make that is there", []string{good, "--create", "station"}, 5, "station"},
		{"a file that is not there", []string{"nowhere.geojson", "--layer", "station"}, 3, "nowhere.geojson"},
		{"a mode that is none", []string{good, "--layer", "station", "--mode", "upsert"}, 2, "mode"},
		{"no layer", []string{good}, 2, "--layer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, said := b.run(t, append([]string{"import"}, c.args...)...)
			if code != c.code || !strings.Contains(said, c.says) {
				t.Errorf("exit code %d, want %d, saying %q:\n%s", code, c.code, c.says, said)
			}
		})
	}
	entries, err := os.ReadDir(b.work)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".yizhan-") || strings.Contains(entry.Name(), "rejected") {
			t.Errorf("%s was left", entry.Name())
		}
	}
}

func TestRejectedRowsAreFixedAndImported(t *testing.T) {
	for _, c := range []struct {
		name, file, text, wrong, right, rejects string
		more                                    []string
	}{
		{"a table", "stations.csv", "名称,编号,状态,备注,经度,纬度\n甲,A,open,=1+1,112.5,33\n乙,B,torn,=1+1,112.6,33\n丙,C,torn,\"引,号\"\"\",112.7,33\n", "torn", "open", "stations.rejected.csv", []string{"--crs", "wgs84"}},
		{"GeoJSON", "stations.geojson", strings.ReplaceAll(stations(3), `"code":"M000002","name":"站","status":"open"`, `"code":"M000002","name":"站","status":"torn"`), `"torn"`, `"open"`, "stations.rejected.geojson", nil},
		{"a table in metres", "metres.csv", "编号,状态,X,Y\nA,open,38359772.1,3652926.5\nB,torn,38359872.1,3652926.5\nC,open,38359972.1,3652926.5\n", "torn", "open", "metres.rejected.csv", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBureau(t)
			b.file(t, c.file, c.text)
			if code, said := b.run(t, append([]string{"import", c.file, "--layer", "station"}, c.more...)...); code != 0 || !strings.Contains(said, c.rejects) {
				t.Fatalf("%d: %s", code, said)
			}
			before := b.value(t, "select count(*) from city.station")
			text, err := os.ReadFile(filepath.Join(b.work, c.rejects))
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{"not_in_list", "row", "remedy"} {
				if !strings.Contains(string(text), word) {
					t.Errorf("the rejected rows do not say %q:\n%s", word, text)
				}
			}
			fixed := b.file(t, "fixed"+filepath.Ext(c.rejects), strings.ReplaceAll(string(text), c.wrong, c.right))
			code, said := b.run(t, append([]string{"import", fixed, "--layer", "station", "--format", "json"}, c.more...)...)
			var report importer.Report
			if err := json.Unmarshal([]byte(said), &report); err != nil || code != 0 {
				t.Fatalf("%d, %v: %s", code, err, said)
			}
			if report.Rejected != 0 || report.Inserted == 0 || len(report.Unknown) != 0 {
				t.Errorf("%s took the fixed rows as: %s", before, said)
			}
			if got := b.value(t, "select count(*) from city.station"); got != "3" {
				t.Errorf("the layer has %s rows", got)
			}
			if code, said := b.run(t, append([]string{"import", c.file, "--layer", "station", "--rejects", "none"}, c.more...)...); code != 0 || !strings.Contains(said, "inserted 0, updated 0") {
				t.Errorf("the first file again: %d: %s", code, said)
			}
			if c.name == "a table" {
				if got := b.value(t, "select string_agg(remark, ' ' order by code) from city.station"); got != `=1+1 =1+1 引,号"` {
					t.Errorf("the remarks are %s", got)
				}
			}
		})
	}
}
