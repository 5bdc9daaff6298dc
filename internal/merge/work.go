package merge

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/record"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// order is what is asked of an import.
type order struct {
	Options
	mapping map[string]string // columns by the file's field, "" for one that is skipped
	file    *record.File
	started time.Time
}

// newOrder reads what the planner asks for.
func newOrder(file *record.File, o Options) (order, error) {
	mapping, err := o.Mapping()
	return order{Options: o, mapping: mapping, file: file, started: time.Now()}, err
}

// tables hold rows on their way into a layer. Names of relations are quoted.
type tables struct {
	staging string // the good rows of the file
	aside   string // keys of rows of a preview that are not staged because of what the layer has; "" for none
	columns string // of a staging table that exists already; "" for one that is still to be made
}

// temporaryTables are those of an import that is applied at once: they go with the
// transaction or with the connection.
func temporaryTables() tables { return tables{staging: "yizhan_staging"} }

// kept reports whether the tables stay until the preview is over.
func (t tables) kept() bool { return t.aside != "" }

// names are those of the tables that there may be.
func (t tables) names() []string { return []string{t.staging, t.aside} }

// work is what the stages of an import share, and none changes: the transaction, what is
// asked, the tables, and the layer.
type work struct {
	tables
	tx     pgx.Tx
	order  order
	target *target
}

// personal reports whether the layer is one of persons.
func (w *work) personal() bool { return w.target.Layer.Privacy == geo.Personal }

// statement is that of a file about the layer and its staged rows, of all columns.
func (w *work) statement(file string) string { return w.statementOf(file, view{}) }

// statementOf is the same of staged rows as they are seen.
func (w *work) statementOf(file string, v view) string {
	return sql.Statement(file, nil, w.words(v), sql.Words{"aside": w.aside})
}

func (w *work) words(v view) sql.Words { return w.target.words(w.staging, v) }

// readCity is where the features of the ledger may lie.
func readCity(ctx context.Context, tx pgx.Tx) (city crs.Box, err error) {
	err = tx.QueryRow(ctx, sql.Text("queries/city.sql")).Scan(&city.West, &city.South, &city.East, &city.North)
	return city, err
}

// beginBatch numbers the import or undo in whose name the transaction writes.
func beginBatch(ctx context.Context, tx pgx.Tx, actor string) (batch int64, err error) {
	err = tx.QueryRow(ctx, sql.Text("queries/import_begin.sql"), actor).Scan(&batch)
	return batch, err
}

// staged is what became of the rows of a file when they were read: they are in the staging
// table, or, of a layer that was empty, in the layer itself.
type staged struct {
	report     *importer.Report
	skipped    int64 // rows that the layer has as they are, and that were not staged
	filled     bool  // the rows went straight into the layer
	nothingNew bool  // the layer has the key of every staged row
	certain    bool  // every staged polygon was found valid when it was read
}

// view is how the staged rows are seen: those of the columns that the file has.
func (s *staged) view() view { return view{present: s.report.Present, certain: s.certain} }

// refusedKeys are those of rejected features, whose rows stay in the layer.
func (s *staged) refusedKeys() []string {
	keys := make([]string, len(s.report.Refused))
	for n, one := range s.report.Refused {
		keys[n] = one.Key
	}
	return keys
}

// settled are staged rows of which it is known what is wrong with them.
type settled struct {
	*work
	*staged
}

// write runs a merging statement and returns how many rows it wrote.
func (s settled) write(ctx context.Context, file string, args ...any) (int64, error) {
	tag, err := s.tx.Exec(ctx, s.statementOf(file, s.view()), args...)
	return tag.RowsAffected(), err
}

// number is what a counting statement counts.
func (s settled) number(ctx context.Context, file string, args ...any) (n int64, err error) {
	err = s.tx.QueryRow(ctx, s.statementOf(file, s.view()), args...).Scan(&n)
	return n, err
}

// knowRefused reports an error when rejected rows cannot be told by their keys:
// rows of the layer would be taken out that the file does have.
func (s settled) knowRefused() error {
	if s.target.Layer.KeyColumn == "" || s.report.Rejected == 0 {
		return nil
	}
	unknown := s.report.Rejected - int64(len(s.report.Refused))
	plain := false
	for n, c := range s.target.Columns {
		plain = plain || c.Name == s.target.Layer.KeyColumn &&
			slices.Contains([]string{"text", "varchar", "bpchar", "int2", "int4", "int8", "float4", "float8",
				"numeric"}, s.target.columns[n].base)
	}
	for _, one := range s.report.Refused {
		if one.Key == "" || !plain {
			unknown++
		}
	}
	if unknown == 0 {
		return nil
	}
	return lang.Errorf(
		"%s: %d of the rejected rows cannot be identified by their key, so replacing could remove rows that are in "+
			"the file; correct them first, or import with --mode merge: %w",
		s.report.Source, unknown, geo.ErrInvalid)
}
