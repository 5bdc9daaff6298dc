package merge

import (
	"context"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// project makes longitude and latitude of the staged rows, by PROJ.
func (j *judging) project(ctx context.Context) error {
	if !j.placed.projected() {
		return nil
	}
	p := j.placed
	move := p.affine
	if move == (crs.Affine{}) {
		move = crs.Affine{A: 1, E: 1}
	}
	if _, err := j.tx.Exec(ctx, j.statement("queries/import_project.sql"), p.EPSG, p.definition, move.A, move.B, move.D,
		move.E, move.XOff, move.YOff); err != nil {
		if strings.Contains(err.Error(), "transform") {
			return lang.Errorf("some coordinates are not possible in %s; specify the right system with --crs: %w",
				p.Name, geo.ErrInvalid)
		}
		return err
	}
	return j.rejectOutside(ctx)
}

// repair repairs invalid polygons where that keeps what they show.
func (j *judging) repair(ctx context.Context) error {
	if j.target.Layer.Kind != geo.Polygon || j.certain {
		return nil
	}
	var why string
	return j.each(ctx, "queries/import_repair.sql", []any{j.target.Multi}, []any{&why}, func(one importer.Rejection) {
		one.Reason, one.Detail = record.InvalidShape, shapeFault(why)
		j.report.Repair(one)
	})
}
