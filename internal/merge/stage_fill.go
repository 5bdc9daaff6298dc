package merge

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/importer"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// fillFrom is from how many bytes of a file on an empty layer is filled as a whole.
const fillFrom = 2 << 20

// fill streams the rows straight into an empty layer and builds its indexes
// afterwards, which is several times faster than staging, merging and keeping the
// indexes up row by row; other sessions wait for it. Where the table does not take
// a row, a key repeats, a polygon is invalid or somebody was quicker, all is as
// before and the long way is taken.
func (s *staging) fill(ctx context.Context) (rows *staged, err error) {
	if !s.fillable() {
		return nil, nil
	}
	empty, err := s.empty(ctx)
	if err != nil || !empty {
		return nil, err
	}
	expected := importer.Expected(&s.target.Target, s.order.file, s.placed.sample)
	for n, c := range s.target.columns {
		if expected[n] && c.stagedType() != c.declared {
			return nil, nil
		}
	}
	err = pgx.BeginFunc(ctx, s.tx, func(pgx.Tx) error {
		rebuild, err := s.clear(ctx)
		if err == nil {
			rows, err = s.pour(ctx, expected, rebuild)
		}
		return err
	})
	if givenUp(err) {
		return nil, nil
	}
	return rows, err
}

// givenUp reports whether the layer has to be filled the long way, which tells the rows
// that the table does not take.
func givenUp(err error) bool {
	var answer *pgconn.PgError
	return errors.Is(err, errLongWay) ||
		errors.As(err, &answer) && (answer.Code[:2] == "22" || answer.Code[:2] == "23" || answer.Code == "55P03")
}

func (s *staging) fillable() bool {
	keyed := s.target.Layer.KeyColumn != "" || s.order.mode() == Append
	plain := !s.placed.projected() && s.target.force == ""
	return keyed && plain && !s.kept() && !s.order.DryRun && s.order.file.Size >= fillFrom
}

// clear makes an empty layer ready to be filled, and returns how its indexes are rebuilt.
func (s *staging) clear(ctx context.Context) (rebuild []string, err error) {
	for _, file := range []string{"queries/import_lock_patience.sql", "queries/import_lock_table.sql"} {
		if _, err := s.tx.Exec(ctx, s.statement(file)); err != nil {
			return nil, err
		}
	}
	empty, err := s.empty(ctx)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, errLongWay
	}
	return s.dropIndexes(ctx)
}

// empty reports whether the layer has no row.
func (s *staging) empty(ctx context.Context) (bool, error) {
	rows, err := s.size(ctx, 1)
	return rows == 0, err
}

// size is how many rows the layer has, counted up to a most.
func (s *staging) size(ctx context.Context, most int64) (rows int64, err error) {
	err = s.tx.QueryRow(ctx, s.statement("queries/import_size.sql"), most).Scan(&rows)
	return rows, err
}

// pour copies the rows, builds the indexes and writes the journal's entry.
func (s *staging) pour(ctx context.Context, expected []bool, rebuild []string) (*staged, error) {
	if _, err := s.tx.Exec(ctx, s.statement("queries/import_untrigger.sql")); err != nil {
		return nil, err
	}
	columns := s.statementOf("queries/import_fill.sql", view{present: expected})
	report, err := s.copy(ctx, columns, func(w io.Writer) importer.Sink {
		return &fillSink{copySink: newCopySink(s.target, w), expected: expected}
	})
	if err != nil {
		return nil, err
	}
	if !covers(expected, report.Present) {
		return nil, errLongWay
	}
	if err := s.noneInvalid(ctx, report); err != nil {
		return nil, err
	}
	for _, one := range append(rebuild, s.statement("queries/import_trigger.sql")) {
		if _, err := s.tx.Exec(ctx, one); err != nil {
			return nil, err
		}
	}
	report.Inserted = report.Read - report.Rejected
	_, err = s.tx.Exec(ctx, sql.Text("queries/import_filled.sql"), string(s.target.Layer.Name))
	return &staged{report: report, filled: true}, err
}

// noneInvalid gives up where a polygon has to be repaired or rejected.
func (s *staging) noneInvalid(ctx context.Context, r *importer.Report) error {
	if r.Doubtful == 0 {
		return nil
	}
	var invalid bool
	err := s.tx.QueryRow(ctx, s.statement("queries/import_invalid.sql")).Scan(&invalid)
	if err == nil && invalid {
		err = errLongWay
	}
	return err
}

// dropIndexes takes the indexes away that can be rebuilt, and returns how. The
// empty table gets a new file where that spares the write-ahead log.
func (s *staging) dropIndexes(ctx context.Context) (rebuild []string, err error) {
	rows, err := s.tx.Query(ctx, sql.Text("queries/import_indexes.sql"), s.target.relation)
	if err != nil {
		return nil, err
	}
	var schema, name, definition string
	var drop []string
	_, err = pgx.ForEachRow(rows, []any{&schema, &name, &definition}, func() error {
		rebuild = append(rebuild, definition)
		drop = append(drop, sql.Statement("queries/import_drop_index.sql", sql.Words{"index": pg.Quote(schema, name)}))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, statement := range drop {
		if _, err := s.tx.Exec(ctx, statement); err != nil {
			return nil, err
		}
	}
	var truncatable bool
	if err := s.tx.QueryRow(ctx, sql.Text("queries/import_truncatable.sql"), s.target.relation).Scan(&truncatable); err != nil || !truncatable {
		return rebuild, err
	}
	_, err = s.tx.Exec(ctx, s.statement("queries/import_truncate.sql"))
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
