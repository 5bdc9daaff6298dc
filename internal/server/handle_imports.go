package server

import (
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
)

// importRoutes are the addresses of imports over HTTP and of what was imported.
type importRoutes struct {
	*answering
	access   access
	ledger   *ledger.Ledger
	merge    *merge.Imports
	previews *jobs.Previews
}

// upload receives the files of an import and previews it: 201 when the preview stands,
// or 202 at once with "Prefer: respond-async" (RFC 7240, 4.1).
func (i *importRoutes) upload(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	over, err := i.previews.Arrive()
	if err != nil {
		w.Header().Set("Connection", "close")
		return err
	}
	log := i.log.With("request_id", requestID(r.Context()))
	form, err := i.receive(w, r, log)
	if err != nil {
		over()
		return err
	}
	async := prefersAsync(r)
	one, err := i.previews.Start(r.Context(), jobs.Submission{Upload: form, Async: async, Over: over, Log: log})
	if err != nil {
		over()
		if removeErr := jobs.Remove(form.Dir); removeErr != nil {
			return errors.Join(err, jobs.NoRoom(removeErr))
		}
		return err
	}
	status := http.StatusAccepted
	if async {
		w.Header().Set("Preference-Applied", "respond-async")
	} else {
		status = http.StatusCreated
		<-one.Done()
		if err := one.Err(); err != nil {
			return err
		}
	}
	w.Header().Set("Location", "/imports/"+strconv.FormatInt(one.ID, 10))
	return i.sendImport(w, r, status, one.ID)
}

// receive reads the form of a request.
func (i *importRoutes) receive(w http.ResponseWriter, r *http.Request, log *slog.Logger) (*jobs.Upload, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, lang.Errorf(
			"send the files as multipart/form-data, as \"curl -F layer=station -F file=@stations.geojson\" does: %w",
			errUnsupported)
	}
	form, err := i.previews.Receive(r.Body, r.ContentLength, parameters["boundary"], http.NewResponseController(w), log)
	if err != nil {
		w.Header().Set("Connection", "close")
	}
	return form, err
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
