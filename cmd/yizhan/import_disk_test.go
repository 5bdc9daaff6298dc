package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// smallDisk is a folder with a file system of its own of so many MiB.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := publicFolder(t)
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=755,size="+size); err != nil {
		t.Skipf("SKIPPED, NOT TESTED: a small file system cannot be mounted here (it takes root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Logf("%s: %v", folder, errors.Join(err, syscall.Unmount(folder, syscall.MNT_DETACH)))
		}
	})
	return folder
}

// ballast takes up all of a disk but so many bytes.
func ballast(t *testing.T, folder string, but int64) string {
	t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	free := int64(disk.Bavail) * disk.Bsize
	if err := errors.Join(syscall.Fallocate(int(f.Fd()), 0, 0, max(1, free-but)), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFullDiskFailsTheImportWhole(t *testing.T) {
	disk := smallDisk(t, "400m")
	b := &bureau{data: filepath.Join(disk, "data"), work: t.TempDir()}
	b.start(t)
	const n = 100_000
	file := b.file(t, "stations.geojsonl", stations(n))
	if _, err := b.conn.Exec(context.Background(), "insert into city.station (code, name, status, geom) values ('M000001', '旧', 'open', 'SRID=4326;POINT(112.6 33)')"); err != nil {
		t.Fatal(err)
	}
	clean := b.value(t, traces)
	// with more room it is the write-ahead log that fills up, and the server restarts
	for room, named := range map[int64]bool{1 << 20: true, 8 << 20: true, 24 << 20: false} {
		full := ballast(t, disk, room)
		code, said := b.run(t, "import", file, "--layer", "station")
		if code == 0 || named && (code != 6 || !strings.Contains(said, "disk")) {
			t.Errorf("with %d MiB left: %d: %s", room>>20, code, said)
		}
		if err := os.Remove(full); err != nil {
			t.Fatal(err)
		}
		b.reconnect(t)
		b.quietly(t)
		if got := b.value(t, "select count(*) || name from city.station group by name"); got != "1旧" {
			t.Errorf("with %d MiB left, the layer has %s", room>>20, got)
		}
		if got := b.value(t, traces); got != clean {
			t.Errorf("with %d MiB left, something was left: %s, was %s", room>>20, got, clean)
		}
	}
	if code, said := b.run(t, "import", file, "--layer", "station"); code != 0 || !strings.Contains(said, "updated 1") {
		t.Fatalf("%d: %s", code, said)
	}
	if got := b.value(t, "select count(*) || ' ' || count(*) filter (where name = '站') from city.station"); got != "100000 100000" {
		t.Errorf("the layer has %s", got)
	}
}

// reconnect connects again, to a server that may be recovering.
func (b *bureau) reconnect(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	at := b.conn.Config()
	_ = b.conn.Close(ctx)
	var failure error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		conn, err := pgx.ConnectConfig(ctx, at)
		if err == nil {
			b.conn = conn
			return
		}
		failure = err
	}
	t.Fatalf("the server does not come back: %v", failure)
}
