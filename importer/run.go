package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"yizhan/geo"
)

// Progress is how far a file has been read.
type Progress struct {
	Bytes, Total int64 // Total is 0 when unknown
	Features     int64
}

// Options of a run.
type Options struct {
	Limits
	Workers  int            // default: one a processor
	Progress func(Progress) // called now and then, never at once from two goroutines
}

// Run reads a source to its end, checks every feature against the target and
// gives the good ones to the sink. Rejections are in the report; an error means
// that the file as a whole could not be taken.
func Run(ctx context.Context, src Source, target *Target, sink Sink, o Options) (*Report, error) {
	o.Limits = o.Limits.withDefaults()
	if o.Workers == 0 {
		o.Workers = runtime.NumCPU()
	}
	r := &run{target: target, sink: sink, options: o, total: src.Size,
		report: &Report{Layer: target.Layer.Name, Source: src.Name, Reasons: map[Reason]int64{}, Unknown: map[string]int64{}, Present: make([]bool, len(target.Columns))}}
	file, err := src.open(&r.bytes)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	batches := make(chan batch, o.Workers)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			if err := r.work(ctx, batches); err != nil {
				stop(err)
			}
		})
	}
	err = r.read(ctx, newSplitter(file, o.FeatureBytes), batches)
	close(batches)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = cause
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", src.Name, err)
	}
	r.report.SHA256 = file.sum()
	slices.SortFunc(r.report.Listed, func(a, b Rejection) int { return cmp.Compare(a.Position, b.Position) })
	return r.report, nil
}

// run is what the goroutines of one import share.
type run struct {
	target  *Target
	sink    Sink
	options Options
	total   int64
	bytes   atomic.Int64

	mu     sync.Mutex // guards what follows, and calls of the sink's Write
	report *Report
}

// read cuts the file into batches.
func (r *run) read(ctx context.Context, s *splitter, batches chan<- batch) error {
	for {
		b, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case batches <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// work parses and encodes batches until there are no more.
func (r *run) work(ctx context.Context, batches <-chan batch) error {
	p := newParser(r.target, r.options.Limits)
	var encoded []byte
	var rejected []Rejection
	for b := range batches {
		if ctx.Err() != nil {
			continue
		}
		encoded, rejected = encoded[:0], rejected[:0]
		for _, s := range b.spans {
			row, no := p.parse(b.data[s.start:s.end], s.position)
			if no != nil {
				rejected = append(rejected, *no)
				continue
			}
			encoded = r.sink.Encode(encoded, row)
		}
		if err := r.hand(encoded, rejected, int64(len(b.spans))); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, n := range p.unknown {
		r.report.Unknown[name] += n
	}
	for i, present := range p.present {
		r.report.Present[i] = r.report.Present[i] || present
	}
	r.report.Flattened += p.flat
	return nil
}

// hand gives a batch's rows to the sink and books the rest.
func (r *run) hand(encoded []byte, rejected []Rejection, features int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(encoded) > 0 {
		if err := r.sink.Write(encoded); err != nil {
			return err
		}
	}
	r.report.Read += features
	for _, one := range rejected {
		if r.target.Layer.Privacy == geo.Personal {
			one.Key, one.Value = "", ""
		}
		r.report.Reject(one)
	}
	if r.options.Progress != nil {
		r.options.Progress(Progress{Bytes: r.bytes.Load(), Total: r.total, Features: r.report.Read})
	}
	return nil
}

// checkCRS refuses a collection that says it is in another system (the "crs"
// member of the 2008 format): WGS 84 and CGCS2000 in degrees are taken as equal.
func checkCRS(head []byte) error {
	text := string(head)
	at := strings.Index(text, `"crs"`)
	if at < 0 || strings.HasPrefix(strings.TrimLeft(text[at+5:], " \t\r\n:"), "null") {
		return nil
	}
	for _, same := range []string{"CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490"} {
		if strings.Contains(text[at:], same) {
			return nil
		}
	}
	return fmt.Errorf("the file says that it is in another coordinate system than EPSG:4326: %.120s; convert it first, for example with ogr2ogr -t_srs EPSG:4326: %w",
		strings.Join(strings.Fields(text[at:]), " "), geo.ErrInvalid)
}
