package merge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// UndoOptions of one undo.
type UndoOptions struct {
	Batch int64  // the import, or the undo, that is to be taken back
	Force bool   // take rows back as well that somebody changed since
	Actor string // as the journal has it; default: the session's user

	WithoutPurged bool // put back what was not purged, and leave the rest as it is
}

// Undone says what an undo did.
type Undone struct {
	Batch      int64         `json:"batch"`  // the undo's own number, by which it can be undone
	Undoes     int64         `json:"undoes"` // the batch that it took back
	Layer      geo.LayerName `json:"layer"`
	Title      lang.Label    `json:"title"`
	Source     string        `json:"source"`
	Touched    int64         `json:"touched"`    // rows that the batch had touched
	Deleted    int64         `json:"deleted"`    // rows that were not there before the batch
	Restored   int64         `json:"restored"`   // rows that have their former values again
	Reinserted int64         `json:"reinserted"` // rows that were gone and are back under their ids
	// rows that could not be put back, or not whole, because they were purged
	Purged  int64         `json:"purged,omitempty"`
	Took    time.Duration `json:"took_ns"`
	Version string        `json:"version"` // a token: a tile asked for with ?at= it is not older
}

// Undo puts a layer back as it was before a batch, in one transaction: all or
// nothing. The undo is a batch itself and can be undone.
//
// It is ErrConflict when the batch is undone already, when a value that must be
// unique is taken by now, or when the journal no longer has the former rows; and
// *ChangedSince, which is ErrConflict too, when somebody changed rows of the batch
// after it, unless forced. A batch or layer that does not exist is ErrNotFound.
//
// A server that stops answering is ErrUnavailable within half a minute.
func (s *Imports) Undo(ctx context.Context, o UndoOptions) (*Undone, error) {
	return pg.Attended(ctx, s.db, func(ctx context.Context) (*Undone, error) { return s.undo(ctx, o) })
}

func (s *Imports) undo(ctx context.Context, o UndoOptions) (*Undone, error) {
	u := &undoing{options: o, started: time.Now()}
	err := pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error {
		u.tx = tx
		return u.run(ctx)
	})
	if err != nil {
		return nil, u.failure(err)
	}
	if u.result.Touched >= analyzeFrom {
		if _, err := s.db.Owner.Exec(ctx, u.statement("queries/import_analyze.sql")); err != nil {
			return u.result, pg.Describe(lang.Errorf("update statistics of layer %q: %w", u.layer.Name, err))
		}
	}
	u.result.Took = time.Since(u.started)
	return u.result, nil
}

// undoing is one undo under way.
type undoing struct {
	tx       pgx.Tx
	options  UndoOptions
	started  time.Time
	batch    ledger.Batch // the one that is undone
	layer    geo.Layer
	relation string       // quoted; "" until the layer is known
	columns  []undoColumn // that can be put back
	result   *Undone
}

// undoColumn is a column that the former rows and the table have.
type undoColumn struct {
	name       string
	assignable bool // unless it numbers itself
}

func (u *undoing) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{u.begin, u.gather, u.refuseChanged, u.putBack} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	r := u.result
	return u.tx.QueryRow(ctx, sql.Text("queries/undo_finish.sql"), r.Batch, string(r.Layer), r.Source, u.options.Actor,
		u.started,
		r.Touched, r.Reinserted, r.Restored, r.Touched-r.Reinserted-r.Restored-r.Deleted, r.Deleted, r.Undoes).Scan(
		&r.Version)
}

// begin finds the batch and its layer, and keeps imports, other undos and writers out.
func (u *undoing) begin(ctx context.Context) error {
	var err error
	if u.batch, err = ledger.ReadBatch(ctx, u.tx, u.options.Batch); err != nil {
		return err
	}
	if err := ledger.Lock(ctx, u.tx, u.batch.Layer); err != nil {
		return err
	}
	// somebody may have undone it meanwhile
	if u.batch, err = ledger.ReadBatch(ctx, u.tx, u.options.Batch); err != nil {
		return err
	}
	if by := u.batch.UndoneBy; by != 0 {
		return lang.Errorf("batch %d has already been undone, by batch %d; \"yizhan undo %d\" restores it: %w",
			u.batch.ID, by, by, geo.ErrConflict)
	}
	if err := u.findLayer(ctx); err != nil {
		return err
	}
	u.result = &Undone{Undoes: u.batch.ID, Layer: u.layer.Name, Title: u.layer.Title, Source: undoSource(u.batch)}
	if u.result.Batch, err = beginBatch(ctx, u.tx, u.options.Actor); err != nil {
		return err
	}
	if err := ledger.WaitForWriters(ctx, u.tx); err != nil {
		return err
	}
	_, err = u.tx.Exec(ctx, u.statement("queries/undo_lock_table.sql"))
	return err
}

func (u *undoing) findLayer(ctx context.Context) error {
	layers, err := ledger.ReadLayers(ctx, u.tx)
	if err != nil {
		return err
	}
	for _, l := range layers {
		if l.Name == u.batch.Layer {
			u.layer, u.relation = l, pg.Quote(l.Schema, l.Table)
			return trusted(ctx, u.tx, u.relation)
		}
	}
	return lang.Errorf("batch %d was imported into layer %q, which no longer exists, so there is nothing to undo: %w",
		u.batch.ID, u.batch.Layer, geo.ErrNotFound)
}

// undoSource is «batch 7: file.geojson», and for the undo of an undo the same file.
func undoSource(b ledger.Batch) string {
	file := b.Source
	if b.Undoes != 0 {
		_, file, _ = strings.Cut(b.Source, ": ")
	}
	return fmt.Sprintf("batch %d: %s", b.ID, file)
}

// statement fills in the names that a statement's file leaves open.
func (u *undoing) statement(file string) string {
	id, keyText := pg.Quote(u.layer.IDColumn), "null::text"
	if u.layer.KeyColumn != "" {
		keyText = "target." + pg.Quote(u.layer.KeyColumn) + "::text"
	}
	columns, values := []string{id}, []string{"touched.id"}
	var assignments []string
	for _, c := range u.columns {
		if c.name == u.layer.IDColumn {
			continue
		}
		name := pg.Quote(c.name)
		columns, values = append(columns, name), append(values, "former."+name)
		if u.assignable(c) {
			assignments = append(assignments, name+" = former."+name)
		}
	}
	return sql.Statement(file, nil, sql.Words{"layer": u.relation, "id": id, "key_text": keyText,
		"assignments": strings.Join(assignments, ", "), "columns": strings.Join(columns, ", "),
		"former_values": strings.Join(values, ", ")})
}

// failure says what the ledger refused. Of its message only as much is passed on
// as cannot hold a value of a personal layer.
func (u *undoing) failure(err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return pg.Describe(err)
	}
	class := answer.Code[:2]
	if answer.Code == "55P03" {
		return lang.Errorf(
			"another session has been writing to layer %q for %s, so nothing was undone; try again when it has "+
				"finished: %w",
			u.layer.Name, ledger.WriterPatience, errors.Join(geo.ErrConflict, err))
	}
	if class != "22" && class != "23" && class != "P0" {
		return pg.Describe(err)
	}
	said := answer.Message
	if u.layer.Privacy == geo.Personal || u.relation == "" {
		said = "a rule of the table"
	}
	if answer.ConstraintName != "" {
		said = "constraint " + answer.ConstraintName
	}
	if answer.Code == "23505" || answer.Code == "23P01" {
		return lang.Errorf(
			"a unique value that batch %d freed is now used by another row, so nothing was undone; change that row "+
				"first: %s: %w",
			u.batch.ID, said, geo.ErrConflict)
	}
	return lang.Errorf(
		"the table of layer %q no longer accepts the former rows of batch %d, so nothing was undone: %s: %w",
		u.layer.Name, u.batch.ID, said, geo.ErrConflict)
}
