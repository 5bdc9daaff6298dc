package jobs

import (
	"context"
	"errors"
	"os"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// Apply imports what a preview showed. Report and error may both be given: then the rows
// are imported, but the layer's statistics were not updated.
func (p *Previews) Apply(ctx context.Context, id int64) (*importer.Report, error) {
	report, err := p.Merge.Apply(ctx, id, p.Actor)
	if report != nil {
		p.drop(p.Find(id))
		p.Counted(report.Layer, Applied)
	}
	return report, err
}

// Discard deletes a preview; one that is being read is stopped first. It returns the
// preview and whether it was stopped.
func (p *Previews) Discard(ctx context.Context, id int64) (preview *merge.Preview, stopped bool, err error) {
	one := p.Find(id)
	if stopped = one != nil && !one.Over(); stopped {
		one.cancel(errDiscarded)
		<-one.done
	}
	if preview, err = p.Merge.ReadPreview(ctx, id); err != nil {
		return nil, stopped, err
	}
	if preview.State == merge.Discarded && !stopped {
		return nil, stopped, lang.Errorf("import %d has already been discarded: %w", id, geo.ErrConflict)
	}
	if err := p.Merge.Discard(ctx, id); err != nil {
		return nil, stopped, err
	}
	p.drop(one)
	if !stopped {
		p.Counted(preview.Layer, Discarded)
	}
	return preview, stopped, nil
}

// open opens the files of an import again. They stay until release is called.
func (p *Previews) open(ctx context.Context, id int64) (file *format.File, release func(), err error) {
	gone := lang.Errorf("the files of import %d are no longer here; upload them again: %w", id, geo.ErrGone)
	one := p.Find(id)
	if one == nil {
		return nil, nil, gone
	}
	one.mu.RLock()
	defer func() {
		if err != nil {
			one.mu.RUnlock()
		}
	}()
	if one.dir == "" {
		return nil, nil, gone
	}
	file, err = format.Open(ctx, one.path, one.options)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, geo.ErrNotFound) {
		err = gone
	}
	return file, one.mu.RUnlock, err
}
