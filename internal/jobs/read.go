package jobs

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// Submission is an upload that has arrived.
type Submission struct {
	Upload *Upload
	Async  bool         // read on after the request has ended
	Over   func()       // called when reading has ended
	Log    *slog.Logger // knows the request
}

// Start waits for a place and begins to read an import. On an error, files and Over are
// the caller's.
func (p *Previews) Start(ctx context.Context, s Submission) (*Job, error) {
	free, err := p.place(ctx)
	if err != nil {
		return nil, err
	}
	over := s.Over
	s.Over = func() { free(); over() }
	one, err := p.book(ctx, s)
	if err != nil {
		free()
	}
	return one, err
}

// book enters an import into the ledger and begins to read it.
func (p *Previews) book(request context.Context, s Submission) (*Job, error) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(request))
	left := context.AfterFunc(request, func() { cancel(ErrClientGone) })
	stopped := context.AfterFunc(p.life, func() { cancel(ErrStopping) })
	one := &Job{Began: time.Now(), cancel: cancel, done: make(chan struct{}), dir: s.Upload.Dir}
	set, file, err := p.begin(ctx, one, s.Upload)
	if err != nil {
		left()
		stopped()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		cancel(nil)
		return nil, placeless{err, s.Upload.Dir}
	}
	p.remember(one)
	if s.Async {
		left()
	}
	go func() {
		p.read(ctx, one, file, set, s)
		left()
		stopped()
		cancel(nil)
	}()
	return one, nil
}

// begin opens the files and numbers the import. On an error the ledger has nothing of it.
func (p *Previews) begin(ctx context.Context, one *Job, u *Upload) (set merge.Options, file *format.File, err error) {
	if set, err = p.settings(ctx, u); err != nil {
		return set, nil, err
	}
	layer := geo.LayerName(settings.Value(set.Layer))
	if _, err := p.Ledger.Layer(ctx, layer); err != nil {
		return set, nil, err
	}
	one.Layer, one.options, one.path = layer, record.OptionsOf(set.Settings), u.Dir
	if len(u.Files) == 1 {
		one.path = filepath.Join(u.Dir, u.Files[0])
	}
	if file, err = format.Open(ctx, one.path, one.options); err != nil {
		return set, nil, err
	}
	if len(u.Files) > 1 {
		file.Name = strings.TrimPrefix(file.Name, filepath.Base(u.Dir)+"/")
	}
	if one.ID, err = p.Merge.BeginPreview(ctx, layer, file.Name, set.Actor); err != nil {
		if closeErr := file.Close(); closeErr != nil {
			err = errors.Join(err, NoRoom(closeErr))
		}
	}
	return set, file, err
}

// settings reads a form; a saved profile counts where the form is silent.
func (p *Previews) settings(ctx context.Context, u *Upload) (o merge.Options, err error) {
	said, err := settings.FromForm(u.Fields, u.Maps)
	if err != nil {
		return o, err
	}
	if name := u.Fields["profile"]; name != "" {
		saved, err := p.Ledger.Profile(ctx, name)
		if err != nil {
			return o, err
		}
		said = said.Over(saved.Settings)
	}
	if said.Layer == nil {
		return o, lang.Errorf("the form names no layer; add the field \"layer\": %w", geo.ErrInvalid)
	}
	return merge.Options{Settings: said, Actor: p.Actor, Control: []byte(u.Fields["control"])}, nil
}

// read previews an import. It owns the file.
func (p *Previews) read(ctx context.Context, one *Job, file *format.File, o merge.Options, s Submission) {
	defer close(one.done)
	defer s.Over()
	o.Progress = func(at importer.Progress) { one.at.Store(&at) }
	p.reading.Add(1)
	preview, err := p.Merge.Preview(ctx, one.ID, one.Layer, file, o)
	p.reading.Add(-1)
	if closeErr := file.Close(); closeErr != nil {
		s.Log.Error("unpacked files of an import were not removed", "import", one.ID, "error", NoRoom(closeErr))
	}
	if err == nil && settings.Value(o.Strict) && preview.Report.Rejected > 0 {
		err = &StrictRefusal{preview.Report}
	}
	if err != nil {
		one.err = p.giveUp(ctx, one, err)
		became := outcomeOf(one.err)
		p.Counted(one.Layer, became)
		s.Log.Info("import not read", "import", one.ID, "layer", one.Layer, "outcome", became)
		return
	}
	p.Counted(one.Layer, Previewed)
	LogReport(s.Log, "import previewed", one.ID, preview.Report)
}

// giveUp removes the files, and what the ledger has of an import that was stopped. It
// returns why there is no preview.
func (p *Previews) giveUp(ctx context.Context, one *Job, err error) error {
	cause, stopped, dir := context.Cause(ctx), ctx.Err() != nil, one.dir
	ctx = context.WithoutCancel(ctx)
	var refused *StrictRefusal
	if stopped || errors.As(err, &refused) {
		if discardErr := p.Merge.Discard(ctx, one.ID); discardErr != nil {
			p.Log.Warn("a stopped import will be cleaned up later", "import", one.ID, "error", p.Redacted(discardErr))
		}
	}
	p.drop(one)
	if stopped {
		return cause
	}
	return placeless{err, dir}
}

// drop removes the files of an import that no longer needs them.
func (p *Previews) drop(one *Job) {
	if one == nil {
		return
	}
	if err := one.remove(); err != nil {
		p.Log.Error("an upload was not removed", "import", one.ID, "error", NoRoom(err))
	}
}

// LogReport logs counts, and nothing that a file contains.
func LogReport(log *slog.Logger, what string, id int64, r *importer.Report) {
	log.Info(what, "import", id, "layer", r.Layer, "mode", r.Mode, "read", r.Read, "inserted", r.Inserted,
		"updated", r.Updated, "unchanged", r.Unchanged, "deleted", r.Deleted, "rejected", r.Rejected, "taken", r.Took)
}
