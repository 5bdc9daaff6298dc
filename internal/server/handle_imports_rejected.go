package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// rejected answers with the rejected rows of a preview as a file that can be
// mended and imported again.
func (s *Server) rejected(w http.ResponseWriter, r *http.Request) error {
	id, err := decision(w, r)
	if err != nil {
		return err
	}
	p, err := s.merge.ReadPreview(r.Context(), id)
	switch {
	case err != nil:
		return err
	case p.State == merge.Reading:
		return lang.Errorf("import %d is still being read: %w", id, geo.ErrConflict)
	case p.State != merge.Previewed:
		return lang.Errorf("import %d is %s, and its files are gone; upload them again: %w", id, p.State, errGone)
	case p.Report.Rejected == 0:
		return lang.Errorf("no row of import %d was rejected: %w", id, geo.ErrNotFound)
	}
	file, release, err := s.uploaded(r.Context(), id)
	if err != nil {
		return err
	}
	rows, n, err := s.rejects(r.Context(), file, p.Report)
	suffix := importer.RejectsSuffix(file)
	err = errors.Join(err, file.Close())
	release()
	if err != nil {
		return err
	}
	defer rows.Close()
	return sendRejects(w, p, rows, suffix, n)
}

// rejects writes the rejected rows to a nameless file, so that a fault shows before
// the answer begins.
func (s *Server) rejects(ctx context.Context, file *format.File, report *importer.Report) (f *os.File, n int64, err error) {
	if report.Refused == nil {
		report.Refused = listed(report)
	}
	if f, err = os.CreateTemp(s.imports.receiver.Folder.Under, "yizhan-rejected-"); err != nil {
		return nil, 0, jobs.NoRoom(err)
	}
	err = os.Remove(f.Name())
	if err == nil {
		n, err = importer.WriteRejects(ctx, f, file, report)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, n, errors.Join(err, f.Close())
	}
	return f, n, nil
}

// listed takes the positions of rejected rows from those that the report lists.
func listed(report *importer.Report) []importer.Refused {
	var list []importer.Refused
	for _, one := range report.Listed {
		for n, cause := range report.Causes {
			if cause.Reason == one.Reason && cause.Field == one.Field {
				list = append(list, importer.Refused{Position: one.Position, Cause: int32(n)})
				break
			}
		}
	}
	return list
}

// sendRejects sends the file. Its name is the source's (RFC 6266, with the encoding
// of RFC 5987 where it needs one).
func sendRejects(w http.ResponseWriter, p *merge.Preview, rows *os.File, suffix string, n int64) error {
	info, err := rows.Stat()
	if err != nil {
		return lang.Errorf("rejected rows: %w", err)
	}
	name := path.Base(strings.TrimSuffix(p.Source, ".gz"))
	name = strings.TrimSuffix(name, path.Ext(name)) + ".rejected" + suffix
	h := w.Header()
	h.Set("Content-Type", map[string]string{".csv": "text/csv; charset=utf-8"}[suffix])
	if suffix != ".csv" {
		h.Set("Content-Type", "application/geo+json")
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	h.Set("X-Rejected-Rows", fmt.Sprintf("%d of %d", n, p.Report.Rejected))
	_, err = io.Copy(w, rows)
	if err != nil {
		return errClientGone
	}
	return nil
}
