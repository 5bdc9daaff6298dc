package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"yizhan/geo"
)

// Progress is how far a file has been read.
type Progress struct {
	Bytes, Total int64 // of the file as it is; Total is 0 when unknown
	Features     int64
}

// Options of a run.
type Options struct {
	Limits
	Workers  int            // default: one a processor
	Progress func(Progress) // called now and then, never at once from two goroutines
}

// Run reads a source to its end, checks every feature against the target and
// gives the good ones to the sink, in the order of the file. Listed are in
// the report; an error means that the file as a whole could not be taken.
func Run(ctx context.Context, src Source, target *Target, sink Sink, o Options) (*Report, error) {
	o.Limits = o.Limits.withDefaults()
	if o.Workers == 0 {
		o.Workers = runtime.NumCPU()
	}
	r := &run{target: target, sink: sink, options: o, total: src.Size, report: newReport(src, target),
		spare: sync.Pool{New: func() any { return newBatch() }}}
	r.turned.L = &r.mu
	file, err := src.open(&r.bytes)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.turned.Broadcast()
	})()
	batches := make(chan *batch, o.Workers)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			if err := r.work(ctx, batches); err != nil {
				stop(err)
			}
		})
	}
	err = r.read(ctx, newSplitter(file, o.Limits, func() *batch { return r.spare.Get().(*batch) }), batches)
	close(batches)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = cause
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", src.Name, err)
	}
	r.report.SHA256, err = file.sum()
	return r.report, err
}

// run is what the goroutines of one import share.
type run struct {
	target  *Target
	sink    Sink
	options Options
	total   int64
	bytes   atomic.Int64
	spare   sync.Pool // of *batch

	mu     sync.Mutex // guards what follows, and calls of the sink's Write
	turned sync.Cond  // turn has changed, or the run is over
	turn   int        // number of the batch to be handed over next
	report *Report
}

// read cuts the file into batches.
func (r *run) read(ctx context.Context, s *splitter, batches chan<- *batch) error {
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
func (r *run) work(ctx context.Context, batches <-chan *batch) error {
	p := newGeoJSON(r.target, r.options.Limits)
	var encoded []byte
	var rejected []Rejection
	for b := range batches {
		if ctx.Err() != nil {
			continue
		}
		encoded, rejected = encoded[:0], rejected[:0]
		for _, s := range b.spans {
			row, no := p.parse(b.data[s.start:s.end], s)
			if no != nil {
				rejected = append(rejected, *no)
				continue
			}
			encoded = r.sink.Encode(encoded, row)
		}
		if err := r.hand(ctx, b, encoded, rejected); err != nil {
			return err
		}
		r.spare.Put(b)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.add(p.checker)
	return nil
}

// hand gives a batch's rows to the sink when it is their turn, and books the rest.
func (r *run) hand(ctx context.Context, b *batch, encoded []byte, rejected []Rejection) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.turn != b.number {
		if ctx.Err() != nil {
			return nil
		}
		r.turned.Wait()
	}
	if len(encoded) > 0 {
		if err := r.sink.Write(encoded); err != nil {
			return err
		}
	}
	r.report.Read += int64(len(b.spans))
	for _, one := range rejected {
		r.report.Reject(one)
	}
	if r.options.Progress != nil {
		r.options.Progress(Progress{Bytes: r.bytes.Load(), Total: r.total, Features: r.report.Read})
	}
	r.turn++
	r.turned.Broadcast()
	return nil
}

// add takes over what one goroutine has counted.
func (r *Report) add(c *checker) {
	for name, n := range c.unknown {
		r.Unknown[name] += n
	}
	for i, present := range c.present {
		r.Present[i] = r.Present[i] || present
	}
	r.Flattened += c.flat
}

// newReport is the report of a run that has read nothing yet.
func newReport(src Source, t *Target) *Report {
	return &Report{Layer: t.Layer.Name, Title: t.Layer.Title, Source: src.Name, Unknown: map[string]int64{}, Reasons: map[Reason]int64{},
		Present: make([]bool, len(t.Columns)), personal: t.Layer.Privacy == geo.Personal}
}
