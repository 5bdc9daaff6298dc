package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/sql"
)

// ImportOptions of one import.
type ImportOptions struct {
	importer.Options
	Actor string // as the journal has it; default: the session's user
}

// How long an import waits for another of the same layer, and from how many rows
// on the indexes of an empty layer are built after the load.
const (
	importPatience = 2 * time.Second
	rebuildFrom    = 20_000
)

// Import merges a file into a layer by the layer's key, in one transaction: all
// of its good features or, on an error, nothing. Rows that do not differ are not
// written. Another import of the same layer is ErrConflict.
func (s *Store) Import(ctx context.Context, name geo.LayerName, src importer.Source, o ImportOptions) (*importer.Report, error) {
	started := time.Now()
	layer, err := s.Layer(ctx, name)
	if err != nil {
		return nil, err
	}
	i := &importing{options: o, started: started}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		i.tx = tx
		return i.run(ctx, layer, src)
	})
	if err != nil {
		return nil, i.failure(err)
	}
	report := i.report
	report.Took = time.Since(started)
	if report.Inserted+report.Updated >= rebuildFrom {
		statement := strings.Replace(sql.Text("queries/import_analyze.sql"), "city.layer", quote(layer.Schema, layer.Table), 1)
		if _, err := s.pool.Exec(ctx, statement); err != nil {
			return report, describe(fmt.Errorf("statistics of layer %q: %w", name, err))
		}
	}
	return report, nil
}

// importing is one import under way.
type importing struct {
	tx      pgx.Tx
	options ImportOptions
	started time.Time
	target  *target
	report  *importer.Report
}

func (i *importing) run(ctx context.Context, layer geo.Layer, src importer.Source) error {
	if err := i.lock(ctx, layer.Name); err != nil {
		return err
	}
	var batch int64
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_begin.sql"), i.options.Actor).Scan(&batch); err != nil {
		return err
	}
	var err error
	if i.target, err = importTarget(ctx, i.tx, layer); err != nil {
		return err
	}
	if i.report, err = i.stage(ctx, src); err != nil {
		return err
	}
	i.report.Batch = batch
	for _, step := range []func(context.Context) error{i.rejectBroken, i.merge} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	r := i.report
	_, err = i.tx.Exec(ctx, sql.Text("queries/import_finish.sql"), batch, string(layer.Name), r.Source, r.SHA256, i.options.Actor, i.started,
		r.Read, r.Inserted, r.Updated, r.Unchanged, r.Rejected)
	return err
}

// lock keeps other imports of the layer out until the transaction ends.
func (i *importing) lock(ctx context.Context, layer geo.LayerName) error {
	for end := time.Now().Add(importPatience); ; {
		var had bool
		if err := i.tx.QueryRow(ctx, sql.Text("queries/import_lock.sql"), string(layer)).Scan(&had); err != nil {
			return err
		}
		if had {
			return nil
		}
		if time.Now().After(end) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	var who, since string
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_holder.sql"), string(layer)).Scan(&who, &since); err != nil {
		return fmt.Errorf("another import into layer %q is running; try again when it is done: %w", layer, geo.ErrConflict)
	}
	return fmt.Errorf("another import into layer %q (%s, since %s) is running; try again when it is done: %w", layer, who, since, geo.ErrConflict)
}

// stage streams the checked rows of the file into the staging table.
func (i *importing) stage(ctx context.Context, src importer.Source) (*importer.Report, error) {
	if _, err := i.tx.Exec(ctx, i.target.statement("queries/import_stage.sql", i.all())); err != nil {
		return nil, err
	}
	reader, writer := io.Pipe()
	copied := make(chan error, 1)
	go func() {
		_, err := i.tx.Conn().PgConn().CopyFrom(ctx, reader, sql.Text("queries/import_copy.sql"))
		reader.CloseWithError(errors.Join(errCopyOver, err))
		copied <- err
	}()
	sink := newCopySink(i.target, writer)
	report, err := (*importer.Report)(nil), sink.Write([]byte(copyHeader))
	if err == nil {
		report, err = importer.Run(ctx, src, &i.target.Target, sink, i.options.Options)
	}
	if err == nil {
		err = sink.Write([]byte(copyTrailer))
	}
	writer.CloseWithError(err) // nil: the stream ends well
	if copyErr := <-copied; copyErr != nil && (err == nil || errors.Is(err, errCopyOver)) {
		err = copyErr
	}
	return report, err
}

// errCopyOver: the server ended the stream before the file did.
var errCopyOver = errors.New("the stream of rows ended")

// all is every column of the target.
func (i *importing) all() []bool {
	all := make([]bool, len(i.target.Columns))
	for n := range all {
		all[n] = true
	}
	return all
}

// failure says what the ledger refused. Of its message only as much is passed on
// as cannot hold a value of a personal layer.
func (i *importing) failure(err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) || answer.Code[:2] != "22" && answer.Code[:2] != "23" {
		return describe(err)
	}
	said := answer.Message
	if i.target != nil && i.target.Layer.Privacy == geo.Personal {
		said = "a rule of the table"
		if answer.ConstraintName != "" {
			said = "rule " + answer.ConstraintName
		}
	}
	if answer.Code == "23505" {
		return fmt.Errorf("a value that must be unique is in the layer already, or somebody added it just now; nothing was imported: %s: %w", said, geo.ErrConflict)
	}
	return fmt.Errorf("the ledger refused the rows, and nothing was imported: %s: %w", said, geo.ErrInvalid)
}
