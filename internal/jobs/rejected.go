package jobs

import (
	"context"
	"errors"
	"io"
	"os"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// Rejected are the rejected rows of a preview in a nameless file, to be read from its
// beginning and closed.
type Rejected struct {
	*os.File
	Preview *merge.Preview
	Suffix  string // of the format, such as ".csv"
	Rows    int64  // in the file; fewer than were rejected if the report lists fewer
}

// Rejected writes the rejected rows of a preview to a file, so that a fault shows before
// an answer begins.
func (p *Previews) Rejected(ctx context.Context, id int64) (*Rejected, error) {
	preview, err := p.Merge.ReadPreview(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case preview.State == merge.Reading:
		return nil, lang.Errorf("import %d is still being read: %w", id, geo.ErrConflict)
	case preview.State != merge.Previewed:
		return nil, lang.Errorf("import %d is no longer a preview, and its files are gone; upload them again: %w", id,
			geo.ErrGone)
	case preview.Report.Rejected == 0:
		return nil, lang.Errorf("import %d has no rejected rows: %w", id, geo.ErrNotFound)
	}
	file, release, err := p.open(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, n, err := p.writeRejects(ctx, file, preview.Report)
	suffix := importer.RejectsSuffix(file)
	err = errors.Join(err, file.Close())
	release()
	if err != nil {
		return nil, err
	}
	return &Rejected{File: rows, Preview: preview, Suffix: suffix, Rows: n}, nil
}

func (p *Previews) writeRejects(ctx context.Context, file *format.File,
	report *importer.Report) (f *os.File, n int64, err error) {
	if report.Refused == nil {
		report.Refused = listed(report)
	}
	if f, err = os.CreateTemp(p.Under, "yizhan-rejected-"); err != nil {
		return nil, 0, NoRoom(err)
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
