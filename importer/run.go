package importer

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Progress is how far a file has been read.
type Progress struct {
	Bytes, Total int64 // of the file as it is; Total is 0 when unknown
	Features     int64
}

// Options of a run.
type Options struct {
	Workers  int            // default: one a processor
	Progress func(Progress) // called now and then, never at once from two goroutines
}

// Run reads a file to its end, checks every record against the target and gives
// the good rows to the sink, in the order of the file. The report lists the others;
// an error means that the file as a whole could not be read.
func Run(ctx context.Context, file *format.File, target *Target, to Place, sink Sink, o Options) (*Report, error) {
	if o.Workers == 0 {
		o.Workers = runtime.NumCPU()
	}
	r := &run{file: file, target: target, place: to, sink: sink, options: o, names: newNames(target, file.Fields),
		report: newReport(file, target), near: newNear(target, to), spare: make(chan *format.Batch, o.Workers+2)}
	r.turned.L = &r.mu
	for range cap(r.spare) {
		r.spare <- &format.Batch{}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cut, err := file.Cutter(ctx, &r.pace)
	if err != nil {
		return nil, err
	}
	defer cut.Close()
	defer context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.turned.Broadcast()
	})()
	sum := make(chan error, 1)
	go func() {
		var err error
		r.report.SHA256, err = file.Sum(ctx)
		sum <- err
	}()
	batches := make(chan *format.Batch, o.Workers)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			if err := r.work(ctx, batches); err != nil {
				stop(err)
			}
		})
	}
	err = r.read(ctx, cut, batches)
	close(batches)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = cause
	}
	if err != nil {
		stop(err)
		<-sum
		return nil, lang.Errorf("%s: %w", file.Name, err)
	}
	if err := <-sum; err != nil {
		return nil, err
	}
	r.report.Notes = append(r.report.Notes, cut.End().Notes...)
	r.report.Warnings = append(r.report.Warnings, r.report.watched.warnings(target, r.report.Read)...)
	if r.near != nil && r.near.full() {
		r.report.Notes = append(r.report.Notes,
			lang.Bothf("only the first million points of the file were checked for points surveyed twice"))
	}
	return r.report, r.checkEnd(cut.End())
}

// checkEnd rejects a file that names another coordinate system behind its records.
func (r *run) checkEnd(end format.End) error {
	if end.Said == nil || end.Said.Text == r.file.Said.Text {
		return nil
	}
	return lang.Errorf("%s: the coordinate system named at the end, %q, differs from %q, in which the file was read; "+
		"specify the system with --crs: %w", r.file.Name, Clip(end.Said.Text), Clip(r.file.Said.Text), geo.ErrInvalid)
}

// run is what the goroutines of one import share.
type run struct {
	file    *format.File
	target  *Target
	place   Place
	sink    Sink
	options Options
	names   *names
	pace    format.Pace
	spare   chan *format.Batch

	mu     sync.Mutex // guards what follows, and calls of the sink's Write
	turned sync.Cond  // turn has changed, or the run is over
	turn   int        // number of the batch to be handed over next
	report *Report
	near   *near
}

// read cuts the file into batches.
func (r *run) read(ctx context.Context, cut format.Cutter, batches chan<- *format.Batch) error {
	for {
		var b *format.Batch
		select {
		case b = <-r.spare:
		case <-ctx.Done():
			return ctx.Err()
		}
		err := cut.Next(b)
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

// batchResult is what a worker makes of one batch.
type batchResult struct {
	encoded  []byte
	ends     []int // of the rows in encoded, where the target keeps points apart
	spots    []spot
	keys     []byte // texts of their keys
	rejected []Rejection
}

// work decodes, checks and encodes batches until there are no more.
func (r *run) work(ctx context.Context, batches <-chan *format.Batch) error {
	decoder, check := r.file.Decoder(), newChecker(r.target, r.place, r.names, r.file.Limits)
	var rec record.Record
	var h batchResult
	for b := range batches {
		if ctx.Err() != nil {
			continue
		}
		h.encoded, h.ends, h.spots = h.encoded[:0], h.ends[:0], h.spots[:0]
		h.keys, h.rejected = h.keys[:0], h.rejected[:0]
		for _, s := range b.Spans {
			if s.Deep {
				rec = record.Record{Fault: &record.Fault{Reason: record.TooDeep}}
			} else {
				decoder.Decode(b.Data[s.Start:s.End], &rec)
			}
			row, no := check.check(&rec, s)
			if no != nil {
				h.rejected = append(h.rejected, *no)
				continue
			}
			before := len(h.encoded)
			if h.encoded = r.sink.Encode(h.encoded, row); len(h.encoded) > before { // else the layer has it as it is
				check.watch.look(row)
			}
			if r.near != nil {
				h.ends, h.spots = append(h.ends, len(h.encoded)), append(h.spots, r.near.spot(check, &h))
			}
		}
		if err := r.hand(ctx, b, &h); err != nil {
			return err
		}
		r.spare <- b
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.add(check)
	return nil
}

// hand gives a batch's rows to the sink when it is their turn, and counts the others.
func (r *run) hand(ctx context.Context, b *format.Batch, h *batchResult) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.turn != b.Number {
		if ctx.Err() != nil {
			return nil
		}
		r.turned.Wait()
	}
	if r.near != nil {
		r.near.filter(h, r.report.Ordinal)
	}
	if len(h.encoded) > 0 {
		if err := r.sink.Write(h.encoded); err != nil {
			return err
		}
	}
	r.report.Read += int64(len(b.Spans))
	for _, one := range h.rejected {
		r.report.Reject(one)
	}
	if r.options.Progress != nil {
		r.options.Progress(Progress{Bytes: r.pace.Read.Load(), Total: r.file.Size, Features: r.report.Read})
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
	for what, n := range c.notes {
		r.note(what, c.target, n)
	}
	for _, to := range c.names.renamed() {
		r.Mapped[to.name] = Mapped{Column: c.target.Columns[to.column].Name, By: to.rank.String()}
	}
	r.Flattened += c.flat
	r.Doubtful += c.doubtful
	r.watched.join(&c.watch)
}
