package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/internal/store"
)

// upload receives the files of an import and previews it: 201 when the preview
// stands, or with «Prefer: respond-async» (RFC 7240, 4.1) 202 at once.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	free, err := s.imports.begin()
	if err != nil {
		w.Header().Set("Connection", "close")
		return err
	}
	form, err := s.receive(w, r)
	if err != nil {
		free()
		return err
	}
	async := prefersAsync(r)
	one, err := s.book(r.Context(), form, async, free)
	if err != nil {
		free()
		if removeErr := removeUpload(form.dir); removeErr != nil {
			return errors.Join(err, noRoom(removeErr))
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

// book enters an import into the ledger and begins to read it. Until it returns
// without an error, files and place are the caller's.
func (s *Server) book(request context.Context, form *upload, async bool, free func()) (*received, error) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(request))
	left := context.AfterFunc(request, func() { cancel(errClientGone) })
	stopped := context.AfterFunc(s.imports.life, func() { cancel(errStopping) })
	one := &received{began: time.Now(), cancel: cancel, done: make(chan struct{}), dir: form.dir}
	set, file, err := s.begin(ctx, one, form)
	if err != nil {
		left()
		stopped()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		cancel(nil)
		return nil, placeless{err, form.dir}
	}
	s.imports.remember(one)
	if async {
		left()
	}
	go func() {
		s.preview(ctx, one, file, set.store, free)
		left()
		stopped()
		cancel(nil)
	}()
	return one, nil
}

// begin opens the files and numbers the import. On an error the ledger has nothing of it.
func (s *Server) begin(ctx context.Context, one *received, form *upload) (set settings, file *format.File, err error) {
	if set, err = s.settings(ctx, form); err != nil {
		return set, nil, err
	}
	if err := s.knownLayer(ctx, set.layer); err != nil {
		return set, nil, err
	}
	one.layer, one.options, one.path = set.layer, set.file, form.dir
	if len(form.files) == 1 {
		one.path = filepath.Join(form.dir, form.files[0])
	}
	if file, err = openUpload(ctx, one.path, form, set.file); err != nil {
		return set, nil, err
	}
	if one.id, err = s.store.BeginPreview(ctx, set.layer, file.Name, set.store.Actor); err != nil {
		if closeErr := file.Close(); closeErr != nil {
			err = errors.Join(err, noRoom(closeErr))
		}
	}
	return set, file, err
}

// openUpload recognises what was uploaded and calls it as its sender did.
func openUpload(ctx context.Context, path string, form *upload, o format.Options) (*format.File, error) {
	file, err := format.Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	if len(form.files) > 1 {
		file.Name = strings.TrimPrefix(file.Name, filepath.Base(form.dir)+"/")
	}
	return file, nil
}

// knownLayer refuses a layer that does not exist before anything is booked.
func (s *Server) knownLayer(ctx context.Context, name geo.LayerName) error {
	layers, err := s.store.Layers(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, l := range layers {
		if l.Name == name {
			return nil
		}
		names = append(names, string(l.Name))
	}
	return fmt.Errorf("there is no layer %.60q%s: %w", name, geo.Suggest(geo.Nearest(string(name), names)), geo.ErrNotFound)
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

// listImports lists the latest imports, newest first, without their reports.
func (s *Server) listImports(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	list, err := s.store.Previews(r.Context())
	if err != nil {
		return err
	}
	views := []importView{}
	for i := range list {
		v, err := s.view(r.Context(), &list[i])
		if err != nil {
			return err
		}
		views = append(views, v)
	}
	writeJSON(w, http.StatusOK, map[string]any{"imports": views})
	return nil
}

// showImport shows one import, as JSON or as the text that a planner reads.
func (s *Server) showImport(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "lang"); err != nil {
		return err
	}
	id, err := number(r)
	if err != nil {
		return err
	}
	return s.sendImport(w, r, http.StatusOK, id)
}

func (s *Server) sendImport(w http.ResponseWriter, r *http.Request, status int, id int64) error {
	p, err := s.store.ReadPreview(r.Context(), id)
	if err != nil {
		return err
	}
	v, err := s.view(r.Context(), p)
	if err != nil {
		return err
	}
	language, err := languageOf(r)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost && strings.HasPrefix(r.Header.Get("Accept"), "text/plain") {
		writeText(w, v.text(language))
		return nil
	}
	writeJSON(w, status, v)
	return nil
}

// text is an import as a planner reads it.
func (v importView) text(language string) string {
	if v.Report != nil {
		return v.Report.Text(language)
	}
	if v.Error != nil {
		if both, ok := v.Error["label"].(geo.Label); ok && language == "zh" {
			return both.ZH + "\n"
		}
		return fmt.Sprint(v.Error["message"], "\n")
	}
	if language == "zh" {
		return fmt.Sprintf("导入 %d：%s\n", v.ID, map[store.State]string{store.Reading: "正在读取", store.Discarded: "已放弃", store.Failed: "失败"}[v.State])
	}
	return fmt.Sprintf("import %d: %s\n", v.ID, v.State)
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.Write([]byte(text))
}

// languageOf is zh or en: what the parameter says, else what the browser prefers.
func languageOf(r *http.Request) (string, error) {
	switch language := r.URL.Query().Get("lang"); language {
	case "zh", "en":
		return language, nil
	case "":
	default:
		return "", fmt.Errorf("lang %.20q: write zh or en: %w", language, geo.ErrInvalid)
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "zh") {
		return "zh", nil
	}
	return "en", nil
}

// number is the id in the address.
func number(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, fmt.Errorf("%.20q is not the number of one; GET lists those that there are: %w", chi.URLParam(r, "id"), geo.ErrInvalid)
	}
	return id, nil
}

// otherMethod names the methods that an address takes.
func (s *Server) otherMethod(w http.ResponseWriter, r *http.Request) error {
	var takes []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
		asked := method
		if asked == http.MethodHead {
			asked = http.MethodGet
		}
		if chi.RouteContext(r.Context()).Routes.Match(chi.NewRouteContext(), asked, r.URL.Path) {
			takes = append(takes, method)
		}
	}
	w.Header().Set("Allow", strings.Join(takes, ", "))
	return fmt.Errorf("this address takes %s: %w", strings.Join(takes, " and "), errMethod)
}

// applyImport does what a preview said, and answers with the report of it.
func (s *Server) applyImport(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	report, err := s.store.Apply(r.Context(), id, s.imports.options.actor)
	if report == nil {
		return err
	}
	if err != nil { // it is applied all the same
		s.log.Warn("statistics of a layer could not be made anew", "request_id", requestID(r.Context()), "layer", report.Layer, "error", hushed(err))
	}
	s.drop(s.imports.find(id))
	s.metrics.imports.WithLabelValues(string(report.Layer), "applied").Inc()
	for name, n := range map[string]int64{"inserted": report.Inserted, "updated": report.Updated, "unchanged": report.Unchanged, "deleted": report.Deleted, "rejected": report.Rejected} {
		s.metrics.imported.WithLabelValues(string(report.Layer), name).Add(float64(n))
	}
	s.logReport(r.Context(), "import applied", id, report)
	writeJSON(w, http.StatusOK, report)
	return nil
}

// decision reads a request that decides on an import, and gives it the time it needs.
func decision(w http.ResponseWriter, r *http.Request) (int64, error) {
	if err := onlyParameters(r); err != nil {
		return 0, err
	}
	id, err := number(r)
	if err != nil {
		return 0, err
	}
	if err := unhurried(w); err != nil {
		return 0, fmt.Errorf("import %d: %w", id, err)
	}
	return id, nil
}

// discardImport takes an import away; one that is being read is stopped first.
func (s *Server) discardImport(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	one := s.imports.find(id)
	stopped := one != nil && !one.over()
	if stopped {
		one.cancel(errDiscarded)
		<-one.done
	}
	p, err := s.store.ReadPreview(r.Context(), id)
	if err != nil {
		return err
	}
	if p.State == store.Discarded && !stopped {
		return fmt.Errorf("import %d has been discarded already: %w", id, geo.ErrConflict)
	}
	if err := s.store.Discard(r.Context(), id); err != nil {
		return err
	}
	s.drop(one)
	if !stopped {
		s.metrics.imports.WithLabelValues(string(p.Layer), "discarded").Inc()
	}
	s.log.Info("import discarded", "request_id", requestID(r.Context()), "import", id, "layer", p.Layer, "reading", stopped)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// errGone: it was here, and is not any more.
var errGone = errors.New("gone")

// uploaded opens the files of an import again. They stay as long as release is not called.
func (s *Server) uploaded(ctx context.Context, id int64) (file *format.File, release func(), err error) {
	one := s.imports.find(id)
	if one == nil {
		return nil, nil, fmt.Errorf("the files of import %d are not here any more; upload them again: %w", id, errGone)
	}
	one.mu.RLock()
	defer func() {
		if err != nil {
			one.mu.RUnlock()
		}
	}()
	if one.dir == "" {
		return nil, nil, fmt.Errorf("the files of import %d are not here any more; upload them again: %w", id, errGone)
	}
	file, err = format.Open(ctx, one.path, one.options)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, geo.ErrNotFound) {
		err = fmt.Errorf("the files of import %d are not here any more; upload them again: %w", id, errGone)
	}
	return file, one.mu.RUnlock, err
}
