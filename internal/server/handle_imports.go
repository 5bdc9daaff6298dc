package server

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/importer/settings"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// upload receives the files of an import and previews it: 201 when the preview
// stands, or with «Prefer: respond-async» (RFC 7240, 4.1) 202 at once.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	over, err := s.imports.arrive()
	if err != nil {
		w.Header().Set("Connection", "close")
		return err
	}
	form, err := s.receive(w, r)
	if err != nil {
		over()
		return err
	}
	async := prefersAsync(r)
	one, err := s.enter(r.Context(), form, async, over)
	if err != nil {
		over()
		if removeErr := jobs.Remove(form.Dir); removeErr != nil {
			return errors.Join(err, jobs.NoRoom(removeErr))
		}
		return err
	}
	w.Header().Set("Location", "/imports/"+strconv.FormatInt(one.id, 10))
	status := http.StatusAccepted
	if async {
		w.Header().Set("Preference-Applied", "respond-async")
	} else {
		status = http.StatusCreated
		<-one.done
		if one.err != nil {
			w.Header().Del("Location")
			return one.err
		}
	}
	return s.sendImport(w, r, status, one.id)
}

// receive reads the form of a request.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) (*jobs.Upload, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, lang.Errorf("send the files as multipart/form-data, such as curl -F file=@stations.geojson -F layer=station does: %w",
			errUnsupported)
	}
	log := s.log.With("request_id", requestID(r.Context()))
	form, err := s.imports.receiver.Receive(r.Body, r.ContentLength, parameters["boundary"], http.NewResponseController(w), log)
	if err != nil {
		w.Header().Set("Connection", "close")
	}
	return form, err
}

// enter waits for a place and books what has come.
func (s *Server) enter(ctx context.Context, form *jobs.Upload, async bool, over func()) (*received, error) {
	free, err := s.imports.begin(ctx)
	if err != nil {
		return nil, err
	}
	one, err := s.book(ctx, form, async, func() { free(); over() })
	if err != nil {
		free()
	}
	return one, err
}

// book enters an import into the ledger and begins to read it. Until it returns
// without an error, files and place are the caller's.
func (s *Server) book(request context.Context, form *jobs.Upload, async bool, free func()) (*received, error) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(request))
	left := context.AfterFunc(request, func() { cancel(errClientGone) })
	stopped := context.AfterFunc(s.imports.life, func() { cancel(jobs.ErrStopping) })
	one := &received{began: time.Now(), cancel: cancel, done: make(chan struct{}), dir: form.Dir}
	set, file, err := s.begin(ctx, one, form)
	if err != nil {
		left()
		stopped()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		cancel(nil)
		return nil, placeless{err, form.Dir}
	}
	s.imports.remember(one)
	if async {
		left()
	}
	go func() {
		s.preview(ctx, one, file, set, free)
		left()
		stopped()
		cancel(nil)
	}()
	return one, nil
}

// begin opens the files and numbers the import. On an error the ledger has nothing of it.
func (s *Server) begin(ctx context.Context, one *received, form *jobs.Upload) (set merge.Options, file *format.File, err error) {
	if set, err = s.options(ctx, form); err != nil {
		return set, nil, err
	}
	layer := geo.LayerName(settings.Value(set.Layer))
	if err := s.knownLayer(ctx, layer); err != nil {
		return set, nil, err
	}
	one.layer, one.options, one.path = layer, record.OptionsOf(set.Settings), form.Dir
	if len(form.Files) == 1 {
		one.path = filepath.Join(form.Dir, form.Files[0])
	}
	if file, err = openUpload(ctx, one.path, form, one.options); err != nil {
		return set, nil, err
	}
	if one.id, err = s.merge.BeginPreview(ctx, layer, file.Name, set.Actor); err != nil {
		if closeErr := file.Close(); closeErr != nil {
			err = errors.Join(err, jobs.NoRoom(closeErr))
		}
	}
	return set, file, err
}

// openUpload recognises what was uploaded and calls it as its sender did.
func openUpload(ctx context.Context, path string, form *jobs.Upload, o format.Options) (*format.File, error) {
	file, err := format.Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	if len(form.Files) > 1 {
		file.Name = strings.TrimPrefix(file.Name, filepath.Base(form.Dir)+"/")
	}
	return file, nil
}

// knownLayer refuses a layer that does not exist before anything is booked.
func (s *Server) knownLayer(ctx context.Context, name geo.LayerName) error {
	layers, err := s.ledger.Layers(ctx)
	if err != nil {
		return err
	}
	_, err = geo.Find(layers, name)
	return err
}

// prefersAsync reads the Prefer headers.
func prefersAsync(r *http.Request) bool {
	for _, list := range r.Header.Values("Prefer") {
		for preference := range strings.SplitSeq(list, ",") {
			name, _, _ := strings.Cut(preference, ";")
			if strings.EqualFold(strings.TrimSpace(name), "respond-async") {
				return true
			}
		}
	}
	return false
}
