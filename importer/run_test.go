package importer

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"yizhan/geo"
	"yizhan/importer/format"
)

// long is a file of n lines, of which each tenth has a bad value.
func long(n int) string {
	var b strings.Builder
	for i := range n {
		more := ""
		if i%10 == 9 {
			more = `,"seats":"many"`
		}
		b.WriteString(feature(fmt.Sprintf("C%06d", i), more) + "\n")
	}
	return b.String()
}

func TestRowsAndRejectionsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	file := long(50_000)
	for _, workers := range []int{1, 2, 7} {
		report, rows, err := read(t, layer(geo.Point, false), file, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if report.Read != 50_000 || report.Rejected != 5_000 || len(rows) != 45_000 || len(report.Listed) != 1000 {
			t.Fatalf("read %d, rejected %d, taken %d, listed %d", report.Read, report.Rejected, len(rows),
				len(report.Listed))
		}
		for i, row := range rows {
			if want := fmt.Sprintf("POINT(112.5 33) code=C%06d name=站", i+i/9); row != want {
				t.Fatalf("%d workers: row %d is %s, want %s", workers, i, row, want)
			}
		}
		for i, one := range report.Listed {
			if one.Position != int64(10*i+10) || !strings.HasPrefix(file[one.Offset:], feature(one.Key, "")[:40]) {
				t.Fatalf("%d workers: rejection %d is %+v", workers, i, one)
			}
		}
		if sum := sha256.Sum256([]byte(file)); report.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("the hash is %s", report.SHA256)
		}
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func TestTheHashIsOfTheFileAsItIs(t *testing.T) {
	t.Parallel()
	file := zipped(collection(feature("A", "")))
	report, _, err := read(t, layer(geo.Point, false), file, Options{})
	if sum := sha256.Sum256([]byte(file)); err != nil || report.SHA256 != hex.EncodeToString(sum[:]) {
		t.Error(report, err)
	}
}

// full is a sink that has no more room after some rows.
type full struct {
	gathered
	writes int
}

func (f *full) Write([]byte) error {
	if f.writes++; f.writes > 3 {
		return errors.New("no room")
	}
	return nil
}

func TestASinkThatFailsEndsTheRun(t *testing.T) {
	t.Parallel()
	target := layer(geo.Point, false)
	_, err := Run(context.Background(), opened(t, "a.geojson", long(50_000), format.Limits{}), target, WGS84(),
		&full{gathered: gathered{target: target}}, Options{Workers: 4})
	if err == nil || !strings.Contains(err.Error(), "a.geojson: no room") {
		t.Error(err)
	}
}

func TestACancelledRunEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	target, seen := layer(geo.Point, false), int64(0)
	_, err := Run(ctx, opened(t, "a.geojson", long(200_000), format.Limits{}), target, WGS84(),
		&gathered{target: target}, Options{Progress: func(p Progress) {
			if atomic.StoreInt64(&seen, p.Features); p.Features > 10_000 {
				cancel()
			}
		}})
	if !errors.Is(err, context.Canceled) || seen == 0 {
		t.Errorf("after %d features: %v", seen, err)
	}
}

func TestProgressEndsAtTheWholeFile(t *testing.T) {
	t.Parallel()
	file := long(20_000)
	var last Progress
	_, err := Run(context.Background(), opened(t, "a.geojson", file, format.Limits{}), layer(geo.Point, false), WGS84(),
		ignored{},
		Options{Progress: func(p Progress) {
			if p.Features < last.Features || p.Bytes < last.Bytes {
				t.Errorf("%+v, then %+v", last, p)
			}
			last = p
		}})
	if want := (Progress{int64(len(file)), int64(len(file)), 20_000}); err != nil || last != want {
		t.Errorf("the last is %+v, want %+v; %v", last, want, err)
	}
}
