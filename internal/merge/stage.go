package merge

import (
	"context"
	"errors"
	"io"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
)

// staging is the stage that reads the file and judges its rows.
type staging struct {
	*work
	placed *placed
}

// stage reads the file and judges its rows. They end in the staging table, or, of
// a layer that was empty, in the layer itself. There are two short ways, each of
// which gives up where the result could differ from the long one.
func (w *work) stage(ctx context.Context, p *placed) (*staged, error) {
	s := &staging{w, p}
	var rows *staged
	for _, way := range []func(context.Context) (*staged, error){s.fill, s.changes, s.all} {
		var err error
		if rows, err = way(ctx); err != nil {
			return nil, err
		}
		if rows != nil {
			break
		}
	}
	if rows.filled {
		return rows, nil
	}
	rows.certain = rows.report.Doubtful == 0 && !p.projected()
	return rows, (&judging{settled{w, rows}, p}).judge(ctx)
}

// all stages every good row of the file.
func (s *staging) all(ctx context.Context) (*staged, error) {
	if err := s.makeStaging(ctx); err != nil {
		return nil, err
	}
	report, err := s.copy(ctx, s.statement("queries/import_copy.sql"), func(w io.Writer) importer.Sink {
		return newCopySink(s.target, w)
	})
	return &staged{report: report}, err
}

// makeStaging makes an empty staging table. That of a preview is there already.
func (s *staging) makeStaging(ctx context.Context) error {
	if s.kept() {
		if s.target.staged() != s.columns {
			return lang.Errorf("the fields of layer %q were changed while the file was being read; upload it again: %w",
				s.target.Layer.Name, geo.ErrConflict)
		}
		return nil
	}
	for _, one := range []string{"queries/import_unstage.sql", "queries/import_stage.sql"} {
		if _, err := s.tx.Exec(ctx, s.statement(one)); err != nil {
			return err
		}
	}
	return nil
}

// copy streams the checked rows of the file into a table, encoded by the sink.
func (s *staging) copy(ctx context.Context, statement string,
	sink func(io.Writer) importer.Sink) (*importer.Report, error) {
	reader, writer := io.Pipe()
	copied := make(chan error, 1)
	go func() {
		_, err := s.tx.Conn().PgConn().CopyFrom(ctx, pg.Watched(ctx, reader), statement)
		reader.CloseWithError(errors.Join(errCopyOver, err))
		copied <- err
	}()
	_, err := writer.Write([]byte(copyHeader))
	var report *importer.Report
	if err == nil {
		report, err = importer.Run(ctx, s.order.file, &s.target.Target, s.placed.read, sink(writer),
			s.order.Options.Options)
	}
	if err == nil {
		_, err = writer.Write([]byte(copyTrailer))
	}
	writer.CloseWithError(err) // nil: the stream ends well
	if copyErr := <-copied; copyErr != nil && (err == nil || errors.Is(err, errCopyOver)) {
		err = copyErr
	}
	return report, err
}

// errCopyOver: the server ended the stream before the file did.
var errCopyOver = errors.New("the stream of rows ended")
