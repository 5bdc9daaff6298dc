package server

import (
	"net/http"

	"yizhan/internal/jobs"
	"yizhan/internal/lang"
)

// applyImport imports what a preview showed, and answers with its report.
func (i *importRoutes) applyImport(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	report, err := i.previews.Apply(r.Context(), id)
	if report == nil {
		return err
	}
	log := i.log.With("request_id", requestID(r.Context()))
	if err != nil { // it is applied all the same
		log.Warn("statistics of a layer were not updated", "layer", report.Layer, "error", redacted(err))
	}
	i.metrics.countRows(report)
	jobs.LogReport(log, "import applied", id, report)
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

// discardImport deletes a preview; one that is being read is stopped first.
func (i *importRoutes) discardImport(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	preview, stopped, err := i.previews.Discard(r.Context(), id)
	if err != nil {
		return err
	}
	i.log.Info("import discarded", "request_id", requestID(r.Context()), "import", id, "layer", preview.Layer,
		"reading", stopped)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
