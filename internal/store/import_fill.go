package store

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/importer"
	"yizhan/sql"
)

// fillFrom is from how many bytes of a file on an empty layer is filled as a whole.
const fillFrom = 2 << 20

// fill streams the rows straight into an empty layer and builds its indexes
// afterwards, which is several times faster than staging, merging and keeping the
// indexes up row by row; other sessions wait for it. Where the table does not take
// a row, a key repeats, a polygon is invalid or somebody was quicker, all is as
// before and the long way is taken.
func (i *importing) fill(ctx context.Context) (bool, error) {
	if !i.fillable() {
		return false, nil
	}
	empty, err := i.empty(ctx)
	if err != nil || !empty {
		return false, err
	}
	expected := importer.Expected(&i.target.Target, i.file, i.sample)
	for n, c := range i.target.columns {
		if expected[n] && c.stagedType() != c.declared {
			return false, nil
		}
	}
	err = pgx.BeginFunc(ctx, i.tx, func(pgx.Tx) error {
		rebuild, err := i.clear(ctx)
		if err != nil {
			return err
		}
		return i.pour(ctx, expected, rebuild)
	})
	var answer *pgconn.PgError
	if errors.Is(err, errLongWay) || errors.As(err, &answer) && (answer.Code[:2] == "22" || answer.Code[:2] == "23" || answer.Code == "55P03") {
		i.report = nil
		return false, nil
	}
	i.filled = err == nil
	return i.filled, err
}

func (i *importing) fillable() bool {
	keyed := i.target.Layer.KeyColumn != "" || i.options.mode() == Append
	return keyed && i.staging == temporaryStaging && !i.options.DryRun && !i.place.projected() && i.target.force == "" && i.file.Size >= fillFrom
}

// clear makes an empty layer ready to be filled, and returns how its indexes are built anew.
func (i *importing) clear(ctx context.Context) (rebuild []string, err error) {
	for _, file := range []string{"queries/import_lock_patience.sql", "queries/import_lock_table.sql"} {
		if _, err := i.tx.Exec(ctx, i.target.statement(file, i.staging, nil)); err != nil {
			return nil, err
		}
	}
	empty, err := i.empty(ctx)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, errLongWay
	}
	return i.dropIndexes(ctx)
}

// empty reports whether the layer has no row.
func (i *importing) empty(ctx context.Context) (bool, error) {
	rows, err := i.number(ctx, "queries/import_size.sql", 1)
	return rows == 0, err
}

// pour copies the rows, builds the indexes and writes the journal's entry.
func (i *importing) pour(ctx context.Context, expected []bool, rebuild []string) error {
	statement := func(file string) string { return i.target.statement(file, i.staging, expected) }
	if _, err := i.tx.Exec(ctx, statement("queries/import_untrigger.sql")); err != nil {
		return err
	}
	var err error
	i.report, err = i.copy(ctx, statement("queries/import_fill.sql"), func(w io.Writer) importer.Sink {
		return &fillSink{copySink: newCopySink(i.target, w), expected: expected}
	})
	if err != nil {
		return err
	}
	if !covers(expected, i.report.Present) {
		return errLongWay
	}
	if err := i.noneInvalid(ctx); err != nil {
		return err
	}
	for _, one := range append(rebuild, statement("queries/import_trigger.sql")) {
		if _, err := i.tx.Exec(ctx, one); err != nil {
			return err
		}
	}
	i.report.Inserted = i.report.Read - i.report.Rejected
	_, err = i.tx.Exec(ctx, sql.Text("queries/import_filled.sql"), string(i.target.Layer.Name))
	return err
}

// noneInvalid gives up where a polygon has to be repaired or rejected.
func (i *importing) noneInvalid(ctx context.Context) error {
	if i.report.Doubtful == 0 {
		return nil
	}
	var invalid bool
	err := i.tx.QueryRow(ctx, i.target.statement("queries/import_invalid.sql", i.staging, nil)).Scan(&invalid)
	if err == nil && invalid {
		err = errLongWay
	}
	return err
}

// dropIndexes takes the indexes away that can be built anew, and returns how. The
// empty table gets a new file where that spares the write-ahead log.
func (i *importing) dropIndexes(ctx context.Context) (rebuild []string, err error) {
	rows, err := i.tx.Query(ctx, sql.Text("queries/import_indexes.sql"), i.target.relation)
	if err != nil {
		return nil, err
	}
	var schema, name, definition string
	var drop []string
	_, err = pgx.ForEachRow(rows, []any{&schema, &name, &definition}, func() error {
		rebuild = append(rebuild, definition)
		drop = append(drop, sql.Statement("queries/import_drop_index.sql", sql.Words{"index": quote(schema, name)}))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, statement := range drop {
		if _, err := i.tx.Exec(ctx, statement); err != nil {
			return nil, err
		}
	}
	var truncatable bool
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_truncatable.sql"), i.target.relation).Scan(&truncatable); err != nil || !truncatable {
		return rebuild, err
	}
	_, err = i.tx.Exec(ctx, i.target.statement("queries/import_truncate.sql", i.staging, nil))
	return rebuild, err
}

// fillSink encodes rows as tuples of the layer's own columns.
type fillSink struct {
	*copySink
	expected []bool
}

// Encode appends geometry and the expected columns of one row.
func (s *fillSink) Encode(b []byte, row *importer.Row) []byte {
	fields := 1
	for n := range s.forms {
		if s.expected[n] {
			fields++
		}
	}
	b = binary.BigEndian.AppendUint16(b, uint16(fields))
	b = append(length(b, len(row.Geometry)), row.Geometry...)
	for n, form := range s.forms {
		switch {
		case !s.expected[n]:
		case row.Null(n):
			b = binary.BigEndian.AppendUint32(b, math.MaxUint32) // length -1
		default:
			b = form(b, row, n)
		}
	}
	return b
}
