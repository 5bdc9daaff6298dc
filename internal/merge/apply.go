package merge

import (
	"context"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// applying is the stage that writes staged rows into the layer.
type applying struct{ settled }

// apply writes what is new and what differs, takes out what the mode says, and
// leaves everything else alone.
func (a *applying) apply(ctx context.Context) error {
	if a.filled {
		return nil
	}
	staged, err := a.number(ctx, "queries/import_staged.sql")
	if err != nil {
		return err
	}
	if a.order.mode() == Replace {
		if err := a.removeMissing(ctx, staged); err != nil {
			return err
		}
	}
	keyed := a.target.Layer.KeyColumn != ""
	switch {
	case a.order.mode() == Append:
		a.report.Inserted, err = a.write(ctx, "queries/import_insert_all.sql")
	case !keyed:
		a.report.Inserted, err = a.write(ctx, "queries/import_insert_new.sql")
	default:
		if a.report.Updated, err = a.write(ctx, "queries/import_update.sql"); err != nil || a.nothingNew {
			break
		}
		a.report.Inserted, err = a.write(ctx, "queries/import_insert.sql")
	}
	a.report.Unchanged = a.skipped + staged - a.report.Inserted - a.report.Updated
	return err
}

// removeMissing takes rows out of the layer that the file does not have. Rows whose
// feature was rejected stay, and a file without a good row takes none out.
func (a *applying) removeMissing(ctx context.Context, staged int64) (err error) {
	r := a.report
	if staged == 0 {
		return lang.Errorf("%s has no valid row, so replacing would empty the layer; nothing was changed: %w", r.Source,
			geo.ErrInvalid)
	}
	if err := a.knowRefused(); err != nil {
		return err
	}
	if a.target.Layer.KeyColumn == "" {
		r.Deleted, err = a.write(ctx, "queries/import_delete_rows.sql")
		return err
	}
	r.Deleted, err = a.write(ctx, "queries/import_delete.sql", a.refusedKeys())
	return err
}
