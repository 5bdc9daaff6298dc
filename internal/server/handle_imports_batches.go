package server

import (
	"net/http"
	"strconv"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
)

// batches lists what was imported and undone, newest first.
func (i *importRoutes) batches(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "layer", "limit", "before"); err != nil {
		return err
	}
	query := r.URL.Query()
	filter := ledger.BatchFilter{Layer: geo.LayerName(query.Get("layer"))}
	var before int
	for name, to := range map[string]*int{"limit": &filter.Limit, "before": &before} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || name == "limit" && n > maxBatches {
			return lang.Errorf("%s=%.20q: give a whole number of 1 or more (limit: at most %d): %w", name, text,
				maxBatches, geo.ErrInvalid)
		}
		*to = n
	}
	filter.Before = int64(before)
	list, err := i.ledger.Batches(r.Context(), filter)
	if err != nil {
		return err
	}
	if list == nil {
		list = []ledger.Batch{}
	}
	writeJSON(w, http.StatusOK, map[string]any{"batches": list})
	return nil
}

// maxBatches is how many batches one answer lists.
const maxBatches = 1000

// undo restores a layer to its state before a batch.
func (i *importRoutes) undo(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "force"); err != nil {
		return err
	}
	force, err := settings.YesNo("force", r.URL.Query().Get("force"))
	if err != nil {
		return err
	}
	id, err := number(r)
	if err != nil {
		return err
	}
	if err := unhurried(w); err != nil {
		return lang.Errorf("undo: %w", err)
	}
	undone, err := i.merge.Undo(r.Context(), merge.UndoOptions{Batch: id, Force: force, Actor: i.previews.Actor})
	if undone == nil {
		return err
	}
	if err != nil { // it is undone all the same
		i.log.Warn("statistics of a layer were not updated", "request_id", requestID(r.Context()),
			"layer", undone.Layer, "error", redacted(err))
	}
	i.metrics.imports.WithLabelValues(string(undone.Layer), string(jobs.Undone)).Inc()
	i.log.Info("import undone", "request_id", requestID(r.Context()),
		"batch", undone.Batch, "undoes", undone.Undoes, "layer", undone.Layer,
		"deleted", undone.Deleted, "restored", undone.Restored, "reinserted", undone.Reinserted)
	w.Header().Set(versionHeader, undone.Version)
	writeJSON(w, http.StatusOK, undone)
	return nil
}
