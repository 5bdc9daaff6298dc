package merge

import (
	"bytes"
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// srid of what the ledger stores.
const srid = 4326

// onCGCS2000 is the projection of a system on the ellipsoid of CGCS2000.
func (loc *locating) onCGCS2000(ctx context.Context, system crs.System) (definition string, err error) {
	if system.EPSG == 0 {
		return system.PROJ, nil
	}
	if err := loc.tx.QueryRow(ctx, sql.Text("queries/crs_on_cgcs2000.sql"), system.EPSG).Scan(&definition); err != nil {
		return "", lang.Errorf("%s is not known to the ledger: %w", system.Name, geo.ErrInvalid)
	}
	return definition, nil
}

// fitControl fits the file's plane coordinates to control points of which longitude
// and latitude are known: in the same projection on the ellipsoid of CGCS2000 a
// similarity takes one to the other.
func (loc *locating) fitControl(ctx context.Context, p *placed) error {
	if p.System.Degrees {
		return lang.Errorf(
			"control points need plane coordinates, and %s is in degrees; specify the projected system with --crs: %w",
			p.Name, geo.ErrInvalid)
	}
	given, err := crs.ParseControl(bytes.NewReader(loc.order.Control))
	if err != nil {
		return err
	}
	if p.definition, err = loc.onCGCS2000(ctx, p.System); err != nil {
		return err
	}
	lon, lat := make([]float64, len(given)), make([]float64, len(given))
	for n, c := range given {
		lon[n], lat[n] = c.Lon, c.Lat
	}
	rows, err := loc.tx.Query(ctx, sql.Text("queries/crs_project.sql"), p.definition, lon, lat)
	if err != nil {
		return err
	}
	var points []crs.Control
	var e, n float64
	if _, err := pgx.ForEachRow(rows, []any{&e, &n}, func() error {
		from := given[len(points)]
		points = append(points, crs.Control{FromE: from.FromE, FromN: from.FromN, ToE: e, ToN: n})
		return nil
	}); err != nil {
		return err
	}
	fitted, residuals, err := crs.Fit(points)
	if err != nil {
		return err
	}
	var squares, worst float64
	for _, r := range residuals {
		squares += r * r
		worst = max(worst, r)
	}
	rms := math.Sqrt(squares / float64(len(residuals)))
	p.affine, p.accuracy = fitted, &rms
	p.transformation = fmt.Sprintf("%s → EPSG:4326 by %d control points, residuals %.3f m (rms), %.3f m (worst)",
		p.Name, len(points), rms, worst)
	p.Warnings = append(p.Warnings,
		lang.Bothf("transformation from %d control points: residuals %.3f m rms, %.3f m at most",
			len(points), rms, worst))
	return nil
}
