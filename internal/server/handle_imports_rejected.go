package server

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"yizhan/internal/jobs"
	"yizhan/internal/lang"
)

// rejected answers with the rejected rows of a preview as a file that can be corrected
// and imported again.
func (i *importRoutes) rejected(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	rows, err := i.previews.Rejected(r.Context(), id)
	if err != nil {
		return err
	}
	defer rows.Close()
	return sendRejects(w, rows)
}

// sendRejects sends the file. Its name is derived from the source's (RFC 6266, with the
// encoding of RFC 5987 where it needs one).
func sendRejects(w http.ResponseWriter, rows *jobs.Rejected) error {
	info, err := rows.Stat()
	if err != nil {
		return lang.Errorf("rejected rows: %w", err)
	}
	name := path.Base(strings.TrimSuffix(rows.Preview.Source, ".gz"))
	name = strings.TrimSuffix(name, path.Ext(name)) + ".rejected" + rows.Suffix
	h := w.Header()
	h.Set("Content-Type", map[string]string{".csv": "text/csv; charset=utf-8"}[rows.Suffix])
	if rows.Suffix != ".csv" {
		h.Set("Content-Type", "application/geo+json")
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	h.Set("X-Rejected-Rows", fmt.Sprintf("%d of %d", rows.Rows, rows.Preview.Report.Rejected))
	if _, err = io.Copy(w, rows); err != nil {
		return errClientGone
	}
	return nil
}
