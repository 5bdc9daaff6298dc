package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/importer/format"
)

// readerRows are in the file of each reader; a workbook has half as many.
const readerRows = 200_000

// readers measures each reader by itself, without checks and without a database,
// on one goroutine.
func (b *bench) readers(ctx context.Context, dir string) error {
	covers := surveys()[0].table
	geojson := filepath.Join(dir, "read.geojson")
	if _, err := writeSurvey(geojson, covers, readerRows, false); err != nil {
		return err
	}
	utf8, gbk, workbook := filepath.Join(dir, "read.csv"), filepath.Join(dir, "read_gbk.csv"), filepath.Join(dir, "read.xlsx")
	if err := errors.Join(writeCSV(utf8, covers, false), writeCSV(gbk, covers, true), writeWorkbook(workbook, covers)); err != nil {
		return err
	}
	files := []struct{ what, path string }{{"GeoJSON", geojson}, {"CSV, UTF-8", utf8}, {"CSV, GB18030", gbk}, {"XLSX", workbook}}
	if _, err := exec.LookPath("ogr2ogr"); err == nil {
		shapes, packed := filepath.Join(dir, "read.shp"), filepath.Join(dir, "read.gpkg")
		for _, to := range [][]string{{"-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", shapes}, {"-f", "GPKG", packed}} {
			if out, err := exec.CommandContext(ctx, "ogr2ogr", append(to, geojson)...).CombinedOutput(); err != nil {
				return fmt.Errorf("ogr2ogr: %w\n%s", err, out)
			}
		}
		files = append(files, struct{ what, path string }{"Shapefile, GBK", shapes}, struct{ what, path string }{"GeoPackage", packed})
	}
	for _, f := range files {
		rows, took, peak, err := read(ctx, f.path)
		if err != nil {
			return err
		}
		b.add("reader of "+f.what, fmt.Sprintf("%d rows, heap at most %.1f MiB", rows, float64(peak)/(1<<20)), "", fmt.Sprintf("%.0f rows/s", float64(rows)/took.Seconds()))
	}
	return nil
}

// read decodes a whole file, and watches the heap meanwhile.
func read(ctx context.Context, path string) (rows int64, took time.Duration, peak uint64, err error) {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	watched, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most.Store(max(most.Load(), now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc)))
			}
		}
	}()
	started := time.Now()
	rows, err = decodeAll(ctx, path)
	took = time.Since(started)
	close(stop)
	<-watched
	return rows, took, most.Load(), err
}

func decodeAll(ctx context.Context, path string) (rows int64, err error) {
	f, err := format.Open(ctx, path, format.Options{})
	if err != nil {
		return 0, err
	}
	defer f.Close()
	cut, err := f.Cutter(ctx, &format.Pace{})
	if err != nil {
		return 0, err
	}
	defer cut.Close()
	decoder, record := f.Decoder(), format.Record{}
	for batch := (format.Batch{}); ; {
		err := cut.Next(&batch)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		for _, at := range batch.Spans {
			if decoder.Decode(batch.Data[at.Start:at.End], &record); record.Fault != nil {
				return rows, fmt.Errorf("row %d: %s", at.Position, record.Fault.Reason)
			}
			rows++
		}
	}
}

// eachRow calls for every row of a table, with its place.
func eachRow(t table, rows int, take func(values []any, lon, lat float64) error) error {
	r := rand.New(rand.NewPCG(citySeed, uint64(t.rows)))
	for i := range rows {
		values, geometry := t.row(r, i)
		if err := take(values, float(geometry[9:]), float(geometry[17:])); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV(path string, t table, gbk bool) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var to io.Writer = f
	if gbk {
		to = simplifiedchinese.GB18030.NewEncoder().Writer(f)
	}
	w := bufio.NewWriterSize(to, 1<<20)
	for _, name := range columnNames(t) {
		fmt.Fprint(w, name, ",")
	}
	fmt.Fprintf(w, "%s,%s\r\n", "经度", "纬度")
	err = eachRow(t, readerRows, func(values []any, lon, lat float64) error {
		for _, v := range values {
			fmt.Fprint(w, v, ",")
		}
		_, err := fmt.Fprint(w, lon, ",", lat, "\r\n")
		return err
	})
	return errors.Join(err, w.Flush())
}

func writeWorkbook(path string, t table) error {
	book := excelize.NewFile()
	defer book.Close()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	header := []any{}
	for _, name := range columnNames(t) {
		header = append(header, name)
	}
	if err := w.SetRow("A1", append(header, "经度", "纬度")); err != nil {
		return err
	}
	row := 1
	err = eachRow(t, readerRows/2, func(values []any, lon, lat float64) error {
		row++
		return w.SetRow(fmt.Sprintf("A%d", row), append(values, lon, lat))
	})
	return errors.Join(err, w.Flush(), book.SaveAs(path))
}
