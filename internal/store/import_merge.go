package store

import (
	"context"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// apply writes what is new and what differs, takes out what the mode says, and
// leaves everything else alone.
func (i *importing) apply(ctx context.Context) error {
	if i.filled {
		return nil
	}
	staged, err := i.number(ctx, "queries/import_staged.sql")
	if err != nil {
		return err
	}
	if i.options.mode() == Replace {
		if err := i.removeMissing(ctx, staged); err != nil {
			return err
		}
	}
	keyed := i.target.Layer.KeyColumn != ""
	switch {
	case i.options.mode() == Append:
		i.report.Inserted, err = i.write(ctx, "queries/import_insert_all.sql")
	case !keyed:
		i.report.Inserted, err = i.write(ctx, "queries/import_insert_new.sql")
	default:
		if i.report.Updated, err = i.write(ctx, "queries/import_update.sql"); err != nil || i.nothingNew {
			break
		}
		i.report.Inserted, err = i.write(ctx, "queries/import_insert.sql")
	}
	i.report.Unchanged = i.skipped + staged - i.report.Inserted - i.report.Updated
	return err
}

// removeMissing takes rows out of the layer that the file does not have. Rows whose
// feature was rejected stay, and a file without a good row takes none out.
func (i *importing) removeMissing(ctx context.Context, staged int64) (err error) {
	r := i.report
	if staged == 0 {
		return lang.Errorf("%s has no good row, so replacing would empty the layer; nothing was changed: %w", r.Source, geo.ErrInvalid)
	}
	if err := i.knowRefused(); err != nil {
		return err
	}
	if i.target.Layer.KeyColumn == "" {
		r.Deleted, err = i.write(ctx, "queries/import_delete_rows.sql")
		return err
	}
	r.Deleted, err = i.write(ctx, "queries/import_delete.sql", i.refusedKeys())
	return err
}

// knowRefused reports an error when rejected rows cannot be told by their keys:
// rows of the layer would be taken out that the file does have.
func (i *importing) knowRefused() error {
	if i.target.Layer.KeyColumn == "" || i.report.Rejected == 0 {
		return nil
	}
	unknown := i.report.Rejected - int64(len(i.report.Refused))
	plain := false
	for n, c := range i.target.Columns {
		plain = plain || c.Name == i.target.Layer.KeyColumn && slices.Contains([]string{"text", "varchar", "bpchar", "int2", "int4", "int8", "float4", "float8", "numeric"}, i.target.columns[n].base)
	}
	for _, one := range i.report.Refused {
		if one.Key == "" || !plain {
			unknown++
		}
	}
	if unknown == 0 {
		return nil
	}
	return lang.Errorf("%s: %d of the rejected rows cannot be told by their key, so replacing could remove rows that are in the file; mend them first, or import with --mode merge: %w",
		i.report.Source, unknown, geo.ErrInvalid)
}

// write runs a merging statement on the columns that the file has.
func (i *importing) write(ctx context.Context, file string, args ...any) (int64, error) {
	tag, err := i.tx.Exec(ctx, i.target.statement(file, i.staging, i.present()), args...)
	return tag.RowsAffected(), err
}

// number is what a counting statement counts.
func (i *importing) number(ctx context.Context, file string, args ...any) (n int64, err error) {
	err = i.tx.QueryRow(ctx, i.target.statement(file, i.staging, i.present()), args...).Scan(&n)
	return n, err
}

// project makes longitude and latitude of the staged rows, by PROJ.
func (i *importing) project(ctx context.Context) error {
	if !i.place.projected() {
		return nil
	}
	p := i.place
	a := p.affine
	if a == (crs.Affine{}) {
		a = crs.Affine{A: 1, E: 1}
	}
	if _, err := i.tx.Exec(ctx, i.target.statement("queries/import_project.sql", i.staging, nil), p.EPSG, p.definition, a.A, a.B, a.D, a.E, a.XOff, a.YOff); err != nil {
		if strings.Contains(err.Error(), "transform") {
			return lang.Errorf("some coordinates cannot be those of %s; name the right system with --crs: %w", p.Name, geo.ErrInvalid)
		}
		return err
	}
	return i.rejectOutside(ctx)
}

// repair mends invalid polygons where that keeps what they show.
func (i *importing) repair(ctx context.Context) error {
	if i.target.Layer.Kind != geo.Polygon || i.target.certain {
		return nil
	}
	var why string
	return i.each(ctx, "queries/import_repair.sql", []any{i.target.Multi}, []any{&why}, func(one importer.Rejection) {
		one.Reason, one.Detail = record.InvalidShape, shapeFault(why)
		i.report.Repair(one)
	})
}
