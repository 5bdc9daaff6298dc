package merge

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/sql"
)

// evidence compares with features of the same key, else with lines such as roads.
func (loc *locating) evidence(ctx context.Context, swapped bool) (fits []fit, beside lang.Label, err error) {
	fits, err = loc.keyEvidence(ctx, swapped)
	if err != nil || fits != nil {
		return fits, lang.Bothf("features with the same key"), err
	}
	if loc.target.Layer.Kind != geo.Point {
		return nil, beside, nil
	}
	return loc.lineEvidence(ctx, swapped)
}

// given is a sample of the file under each datum, one row a feature and datum.
type given struct {
	keys     []string
	datum    []int32
	lon, lat []float64
}

func (loc *locating) given(swapped bool) (g given) {
	numbers := loc.sample.Numbers
	step := max(1, len(numbers.X)/evidencePoints)
	for n := 0; n < len(numbers.X); n += step {
		x, y := numbers.X[n], numbers.Y[n]
		if swapped {
			x, y = y, x
		}
		if !(x >= -180 && x <= 180 && y >= -90 && y <= 90) {
			continue
		}
		for d, datum := range datums() {
			lon, lat := datum.ToWGS84(x, y)
			g.keys, g.datum = append(g.keys, loc.sample.Keys[n]), append(g.datum, int32(d))
			g.lon, g.lat = append(g.lon, lon), append(g.lat, lat)
		}
	}
	return g
}

// keyEvidence compares with features of the same key; nil when there are too few.
func (loc *locating) keyEvidence(ctx context.Context, swapped bool) ([]fit, error) {
	column := -1
	for n, c := range loc.target.Columns {
		if c.Name == loc.target.Layer.KeyColumn {
			column = n
		}
	}
	if column < 0 {
		return nil, nil
	}
	g := loc.given(swapped)
	switch loc.target.Columns[column].Type {
	case geo.Text:
	case geo.Integer:
		for n, key := range g.keys {
			if _, err := strconv.ParseInt(key, 10, 32); err != nil {
				g.keys[n] = "-1"
			}
		}
	default:
		return nil, nil
	}
	if base := loc.target.columns[column].base; base != "text" && base != "varchar" && base != "int4" &&
		base != "int8" {
		return nil, nil
	}
	statement := loc.statement("queries/evidence_keys.sql")
	fits, err := loc.fits(ctx, statement, g.keys, g.datum, g.lon, g.lat)
	if err != nil || len(fits) < len(datums()) || fits[0].features < leastKeys {
		return nil, err
	}
	return fits, nil
}

// lineEvidence compares with the public layer of lines that the points lie nearest to.
func (loc *locating) lineEvidence(ctx context.Context, swapped bool) (best []fit, beside lang.Label, err error) {
	layers, err := ledger.ReadLayers(ctx, loc.tx)
	if err != nil {
		return nil, beside, err
	}
	g := loc.given(swapped)
	for _, l := range layers {
		if l.Kind != geo.Line || l.Privacy != geo.Public || l.Name == loc.target.Layer.Name {
			continue
		}
		statement := sql.Statement("queries/evidence_lines.sql", nil, ledger.Words(&l))
		fits, err := loc.fits(ctx, statement, g.datum, g.lon, g.lat)
		if err != nil {
			return nil, beside, err
		}
		if len(fits) < len(datums()) || fits[bestOf(fits)].features < leastNearLines {
			continue
		}
		if best == nil || fits[bestOf(fits)].metres < best[bestOf(best)].metres {
			best, beside = fits, lang.Bothf("layer %q", l.Title)
		}
	}
	return best, beside, nil
}

func (loc *locating) fits(ctx context.Context, statement string, args ...any) (fits []fit, err error) {
	rows, err := loc.tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	var n int
	var f fit
	_, err = pgx.ForEachRow(rows, []any{&n, &f.features, &f.metres}, func() error {
		fits = append(fits, f)
		return nil
	})
	return fits, err
}
