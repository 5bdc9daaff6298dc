package server

import (
	"context"
	"errors"
	"net/http"
	"os"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/internal/lang"
	"yizhan/internal/live"
	"yizhan/internal/merge"
)

// applyImport does what a preview said, and answers with the report of it.
func (s *Server) applyImport(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	report, err := s.merge.Apply(r.Context(), id, s.imports.actor)
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
	w.Header().Set(versionHeader, report.Version)
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
		return 0, lang.Errorf("import %d: %w", id, err)
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
	p, err := s.merge.ReadPreview(r.Context(), id)
	if err != nil {
		return err
	}
	if p.State == merge.Discarded && !stopped {
		return lang.Errorf("import %d has been discarded already: %w", id, geo.ErrConflict)
	}
	if err := s.merge.Discard(r.Context(), id); err != nil {
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
var errGone = live.ErrGone

// uploaded opens the files of an import again. They stay as long as release is not called.
func (s *Server) uploaded(ctx context.Context, id int64) (file *format.File, release func(), err error) {
	one := s.imports.find(id)
	if one == nil {
		return nil, nil, lang.Errorf("the files of import %d are not here any more; upload them again: %w", id, errGone)
	}
	one.mu.RLock()
	defer func() {
		if err != nil {
			one.mu.RUnlock()
		}
	}()
	if one.dir == "" {
		return nil, nil, lang.Errorf("the files of import %d are not here any more; upload them again: %w", id, errGone)
	}
	file, err = format.Open(ctx, one.path, one.options)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, geo.ErrNotFound) {
		err = lang.Errorf("the files of import %d are not here any more; upload them again: %w", id, errGone)
	}
	return file, one.mu.RUnlock, err
}
