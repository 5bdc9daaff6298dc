package store

import (
	"context"
	"errors"
	"io"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
)

// temporaryStaging is the staging table of an import that is applied at once: it
// goes with the transaction or with the connection.
const temporaryStaging = "yizhan_staging"

// bring reads the file and judges its rows. They end in the staging table, or, of
// a layer that was empty, in the layer itself. There are two short ways, each of
// which gives up where the result could differ from the long one.
func (i *importing) bring(ctx context.Context) error {
	for _, way := range []func(context.Context) (bool, error){i.fill, i.stageChanges, i.stageAll} {
		done, err := way(ctx)
		if err != nil {
			return err
		}
		if done {
			break
		}
	}
	if i.filled {
		return nil
	}
	i.target.certain = i.report.Doubtful == 0 && !i.place.projected()
	for _, step := range []func(context.Context) error{i.rejectUnreadable, i.project, i.repair, i.rejectBroken, i.rejectRepeated, i.rejectTaken, i.rejectNear} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stageAll stages every good row of the file.
func (i *importing) stageAll(ctx context.Context) (bool, error) {
	if err := i.makeStaging(ctx); err != nil {
		return false, err
	}
	var err error
	i.report, err = i.copy(ctx, i.target.statement("queries/import_copy.sql", i.staging, nil), func(w io.Writer) importer.Sink {
		return newCopySink(i.target, w)
	})
	return true, err
}

// makeStaging makes an empty staging table. That of a preview is there already.
func (i *importing) makeStaging(ctx context.Context) error {
	if i.staging != temporaryStaging {
		if i.target.staged() != i.columns {
			return lang.Errorf("the fields of layer %q were changed while the file was being read; upload it again: %w", i.target.Layer.Name, geo.ErrConflict)
		}
		return nil
	}
	for _, one := range []string{"queries/import_unstage.sql", "queries/import_stage.sql"} {
		if _, err := i.tx.Exec(ctx, i.target.statement(one, i.staging, nil)); err != nil {
			return err
		}
	}
	return nil
}

// copy streams the checked rows of the file into a table, encoded by the sink.
func (i *importing) copy(ctx context.Context, statement string, sink func(io.Writer) importer.Sink) (*importer.Report, error) {
	reader, writer := io.Pipe()
	copied := make(chan error, 1)
	go func() {
		_, err := i.tx.Conn().PgConn().CopyFrom(ctx, going{reader, signsOf(ctx)}, statement)
		reader.CloseWithError(errors.Join(errCopyOver, err))
		copied <- err
	}()
	_, err := writer.Write([]byte(copyHeader))
	var report *importer.Report
	if err == nil {
		report, err = importer.Run(ctx, i.file, &i.target.Target, i.place.read, sink(writer), i.options.Options)
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

// going marks what is read of a stream as a sign that work goes on.
type going struct {
	io.Reader
	signs *signs
}

func (g going) Read(p []byte) (int, error) {
	g.signs.mark()
	return g.Reader.Read(p)
}

// errCopyOver: the server ended the stream before the file did.
var errCopyOver = errors.New("the stream of rows ended")

// all is every column of the target.
func (t *target) all() []bool {
	all := make([]bool, len(t.Columns))
	for n := range all {
		all[n] = true
	}
	return all
}

// present are the columns that the file has.
func (i *importing) present() []bool {
	if i.report == nil {
		return i.target.all()
	}
	return i.report.Present
}
