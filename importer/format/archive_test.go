package format

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// packing is an entry of an archive made for a test.
type packing struct {
	name  string // as bytes
	text  string
	mode  fs.FileMode
	flags uint16
	plain bool // the name is not marked as UTF-8
}

// packed writes an archive and returns its path.
func packed(t *testing.T, entries ...packing) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: e.plain, Flags: e.flags}
		if e.mode != 0 {
			header.SetMode(e.mode)
		}
		to, err := w.CreateHeader(header)
		if err == nil && !strings.HasSuffix(e.name, "/") {
			_, err = io.WriteString(to, e.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return recordtest.Stored(t, "a.zip", b.Bytes())
}

// unpacked unpacks with temporary files in a folder of the test, which is returned too.
func unpacked(t *testing.T, at string, limits record.Limits) (dir string, members []string, temp string, err error) {
	t.Helper()
	temp = t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir, members, err = unpackZip(t.Context(), record.Input{Name: filepath.Base(at), Path: at,
		Options: record.Options{Limits: limits.WithDefaults()}})
	return dir, members, temp, err
}

func TestAnArchiveIsUnpacked(t *testing.T) {
	at := packed(t,
		packing{name: "成果/", mode: fs.ModeDir | 0o755},
		packing{name: "成果/窨井.shp", text: "shape"},
		packing{name: recordtest.GBK(t, "成果/驿站表.csv"), text: "a,b", plain: true}, // 驿's second byte is a letter's
		// 誠 is D55C in GBK: its second byte is a backslash
		packing{name: recordtest.GBK(t, `里\誠.dbf`), text: "x", plain: true},
		packing{name: `win\dows\points.csv`, text: "c"},
		packing{name: "__MACOSX/成果/._窨井.shp", text: "junk"},
		packing{name: "成果/.DS_Store", text: "junk"},
		packing{name: "成果/Thumbs.db", text: "junk"},
		packing{name: "inner.zip", text: "PK\x03\x04 stays as it is"},
	)
	dir, members, temp, err := unpacked(t, at, record.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"成果/窨井.shp", "成果/驿站表.csv", "里/誠.dbf", "win/dows/points.csv", "inner.zip"}
	if !slices.Equal(members, want) {
		t.Errorf("members %q, want %q", members, want)
	}
	for _, member := range members {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(member))); err != nil {
			t.Error(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "inner.zip"))
	if err != nil || string(text) != "PK\x03\x04 stays as it is" {
		t.Errorf("inner archive %q, %v", text, err)
	}
	if n := recordtest.Left(t, temp); n != 1 {
		t.Errorf("%d folders, want 1", n)
	}
}

func TestAHostileArchiveIsRefused(t *testing.T) {
	good := packing{name: "good.csv", text: "a,b"}
	for _, c := range []struct {
		what    string
		entries []packing
		limits  record.Limits
		says    string
	}{
		{"a name that climbs", []packing{good, {name: "../../etc/cron.d/x"}}, record.Limits{}, "../../etc/cron.d/x"},
		{"a name that climbs in the middle", []packing{good, {name: "a/../../x"}}, record.Limits{}, ".."},
		{"a name that climbs with backslashes", []packing{good, {name: `..\..\x.csv`}}, record.Limits{}, ".."},
		{"an absolute name", []packing{good, {name: "/etc/passwd"}}, record.Limits{}, "absolute"},
		{"an absolute name with a backslash", []packing{good, {name: `\\server\share\x`}}, record.Limits{}, "absolute"},
		{"a drive letter", []packing{good, {name: `C:\Windows\x.csv`}}, record.Limits{}, "drive letter"},
		{"a NUL in a name", []packing{good, {name: "a.csv\x00.exe"}}, record.Limits{}, "NUL"},
		{"no name", []packing{good, {name: "."}}, record.Limits{}, "no name"},
		{"a link", []packing{good, {name: "link", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777}}, record.Limits{},
			"link"},
		{"a device", []packing{good, {name: "null", mode: fs.ModeDevice | fs.ModeCharDevice | 0o666}}, record.Limits{},
			"device"},
		{"a pipe", []packing{good, {name: "pipe", mode: fs.ModeNamedPipe | 0o666}}, record.Limits{}, "device"},
		{"an encrypted entry", []packing{good, {name: "secret.csv", text: "x", flags: 1}}, record.Limits{},
			"unpack it yourself"},
		{"one name twice", []packing{good, good}, record.Limits{}, "two entries"},
		{"one name twice but for capitals", []packing{good, {name: "GOOD.CSV"}}, record.Limits{}, "two entries"},
		{"a file that is a folder too", []packing{good, {name: "good.csv/x"}}, record.Limits{}, "cannot be a file"},
		{"a name in no encoding", []packing{good, {name: "\xff\xff.csv", plain: true}}, record.Limits{},
			"neither UTF-8 nor GB18030"},
		{"a name too long for a file", []packing{good, {name: strings.Repeat("n", 300)}}, record.Limits{},
			"cannot be a file"},
		{"more entries than allowed", []packing{good, {name: "b"}, {name: "c"}}, record.Limits{Entries: 2},
			"more than 2 entries"},
		{"more bytes than allowed", []packing{{name: "a", text: strings.Repeat("0123456789", 200)},
			{name: "b", text: strings.Repeat("0123456789", 200)}}, record.Limits{UnpackedBytes: 3000},
			"more than 3000 bytes"},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, members, temp, err := unpacked(t, packed(t, c.entries...), c.limits)
			if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), c.says) ||
				!strings.Contains(err.Error(), "a.zip") {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
			if members != nil || recordtest.Left(t, temp) != 0 {
				t.Errorf("%q and %d folders are left", members, recordtest.Left(t, temp))
			}
		})
	}
}

// zeros yields n zero bytes.
type zeros struct{ n int64 }

func (z *zeros) Read(b []byte) (int, error) {
	if z.n == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), z.n)
	clear(b[:n])
	z.n -= n
	return int(n), nil
}

func TestABombIsRefusedEarly(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	to, err := w.Create("zeros.csv")
	if err == nil {
		_, err = io.Copy(to, &zeros{n: 1 << 30})
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	lying := bytes.Clone(whole) // the directory declares ten bytes instead of 2^30
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[at+24:], 10)
	for what, data := range map[string][]byte{"honest": whole, "lying": lying} {
		t.Run(what, func(t *testing.T) {
			_, _, temp, err := unpacked(t, recordtest.Stored(t, "42.zip", data), record.Limits{})
			if !errors.Is(err, geo.ErrInvalid) {
				t.Errorf("error %v", err)
			}
			if what == "honest" && !strings.Contains(fmt.Sprint(err), "bomb") {
				t.Errorf("error %v, want one of a bomb", err)
			}
			if n := recordtest.Left(t, temp); n != 0 {
				t.Errorf("%d folders are left", n)
			}
		})
	}
}

// manyEntries is an archive of n empty entries; declared goes into its end record.
func manyEntries(n int, declared uint16) []byte {
	var b bytes.Buffer
	for i := range n {
		record := make([]byte, 46)
		copy(record, "PK\x01\x02\x14\x00\x14\x00")
		name := fmt.Sprintf("f%07d", i)
		binary.LittleEndian.PutUint16(record[28:], uint16(len(name)))
		b.Write(record)
		b.WriteString(name)
	}
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], declared)
	binary.LittleEndian.PutUint16(end[10:], declared)
	binary.LittleEndian.PutUint32(end[12:], uint32(b.Len()))
	b.Write(end)
	return b.Bytes()
}

func TestAMillionEntriesAreRefused(t *testing.T) {
	for what, declared := range map[string]uint16{"as they are": uint16(1_000_000 % 65536), "as one": 1} {
		at := recordtest.Stored(t, "many.zip", manyEntries(1_000_000, declared))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := unpackZip(t.Context(), record.Input{Name: "many.zip", Path: at})
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - before.TotalAlloc
		if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), "more than 1000 entries") {
			t.Errorf("%s: %v", what, err)
		}
		if allocated > 64<<20 {
			t.Errorf("%s: %d bytes were allocated", what, allocated)
		}
	}
}

func TestADamagedArchiveIsRefused(t *testing.T) {
	whole, err := os.ReadFile(packed(t, packing{name: "a.csv", text: strings.Repeat("some text ", 1000)}))
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(whole)
	broken[60] ^= 0xff
	for what, data := range map[string][]byte{"empty": nil, "no archive": []byte("hello"), "cut": whole[:len(whole)-30],
		"changed": broken} {
		_, _, temp, err := unpacked(t, recordtest.Stored(t, "b.zip", data), record.Limits{})
		if !errors.Is(err, geo.ErrInvalid) || recordtest.Left(t, temp) != 0 {
			t.Errorf("%s: %v, %d folders are left", what, err, recordtest.Left(t, temp))
		}
	}
	if _, _, _, err := unpacked(t, filepath.Join(t.TempDir(), "none.zip"), record.Limits{}); !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
}

func TestACancelledUnpackingLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	at := packed(t, packing{name: "a.csv", text: "a"}, packing{name: "b.csv", text: "b"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := unpackZip(ctx, record.Input{Name: "a.zip", Path: at}); !errors.Is(err, context.Canceled) ||
		recordtest.Left(t, temp) != 0 {
		t.Errorf("%v, %d folders are left", err, recordtest.Left(t, temp))
	}
}

func FuzzUnpack(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a.csv", "成果/b.shp", recordtest.GBK(f, "成果/c.shp")} {
		if to, err := w.Create(name); err == nil {
			_, _ = io.WriteString(to, "text") // a seed
		}
	}
	_ = w.Close() // a seed
	f.Add(b.Bytes())
	f.Add(manyEntries(3, 3))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		at := filepath.Join(t.TempDir(), "f.zip")
		if err := os.WriteFile(at, data, 0o600); err != nil {
			t.Fatal(err)
		}
		dir, members, err := unpackZip(t.Context(), record.Input{Name: "f.zip", Path: at,
			Options: record.Options{Limits: record.Limits{UnpackedBytes: 1 << 20}}})
		if err != nil {
			return
		}
		defer os.RemoveAll(dir)
		for _, member := range members {
			if !filepath.IsLocal(filepath.FromSlash(member)) {
				t.Errorf("%q lies elsewhere", member)
			}
		}
	})
}
