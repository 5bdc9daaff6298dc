package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// fit is how well the features of a file lie beside those that the ledger has, if
// the file were in a datum.
type fit struct {
	features int64
	metres   float64 // median of the distances
}

// What the evidence must be before it counts.
const (
	evidencePoints = 200   // of the file that are compared
	leastKeys      = 3     // features of the same key
	leastNearLines = 20    // points with a line nearby
	clearlyOff     = 100.0 // metres: less is no question of the datum
	clearlyBetter  = 4.0   // times nearer
)

// datums are those that degrees can be in, in the order of the evidence.
func datums() []geo.Datum { return []geo.Datum{geo.WGS84, geo.GCJ02, geo.BD09} }

// compareDatums warns when a file of degrees lies better beside what is there
// already under another datum than the one it is read in.
func (i *importing) compareDatums(ctx context.Context, p *placed) error {
	if !p.read.Degrees {
		return nil
	}
	claimed := map[geo.Datum]int{geo.WGS84: 0, geo.GCJ02: 1, geo.BD09: 2}[p.read.Datum]
	fits, beside, err := i.evidence(ctx, p.Axes == crs.NorthFirst)
	if err != nil || fits == nil {
		return err
	}
	best := bestOf(fits)
	if best == claimed || fits[claimed].metres < clearlyOff || fits[best].metres*clearlyBetter > fits[claimed].metres {
		return nil
	}
	name := datumName(best)
	p.Warnings = append(p.Warnings, lang.Label{
		ZH: fmt.Sprintf("坐标可能是 %s：按此读取，%d 个要素与%s相距中位数 %.1f 米；按 %s 读取则为 %.1f 米。请核实后用 --crs %s 重新导入",
			name, fits[best].features, beside.ZH, fits[best].metres, datumName(claimed), fits[claimed].metres, strings.ToLower(strings.ReplaceAll(name, "-", ""))),
		EN: fmt.Sprintf("the coordinates may be %s: read so, %d features lie %.1f m (median) from %s; read as %s, %.1f m. If that is right, import again with --crs %s",
			name, fits[best].features, fits[best].metres, beside.EN, datumName(claimed), fits[claimed].metres, strings.ToLower(strings.ReplaceAll(name, "-", ""))),
	})
	return nil
}

func datumName(n int) string { return [...]string{"WGS84", "GCJ-02", "BD-09"}[n] }

func bestOf(fits []fit) int {
	best := 0
	for n := range fits {
		if fits[n].metres < fits[best].metres {
			best = n
		}
	}
	return best
}

// byEvidence decides a question of datums by features of the same key, where those
// leave no doubt; otherwise the question stands.
func (i *importing) byEvidence(ctx context.Context, q *crs.Question) (crs.Placement, error) {
	asked := lang.Errorf("%s: %w", i.file.Name, q)
	axes := crs.EastFirst
	for _, r := range q.Readings {
		if !r.System.Degrees {
			return crs.Placement{}, asked
		}
		axes = r.Axes
	}
	fits, err := i.keyEvidence(ctx, axes == crs.NorthFirst)
	if err != nil || fits == nil {
		return crs.Placement{}, orElse(err, asked)
	}
	best := bestOf(fits)
	for n := range fits {
		if n != best && fits[n].metres < clearlyOff || fits[best].metres > clearlyOff/clearlyBetter {
			return crs.Placement{}, asked
		}
	}
	system, err := crs.Parse([]string{"EPSG:4326", "gcj02", "bd09"}[best])
	return crs.Placement{System: system, Axes: axes, How: lang.Label{
		ZH: fmt.Sprintf("由图层中编号相同的 %d 个要素判定：按 %s 相距中位数 %.2f 米", fits[best].features, datumName(best), fits[best].metres),
		EN: fmt.Sprintf("decided by %d features of the same key in the layer: read as %s they lie %.2f m apart (median)", fits[best].features, datumName(best), fits[best].metres),
	}}, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// evidence compares with features of the same key, else with lines such as roads.
func (i *importing) evidence(ctx context.Context, swapped bool) (fits []fit, beside lang.Label, err error) {
	fits, err = i.keyEvidence(ctx, swapped)
	if err != nil || fits != nil {
		return fits, lang.Label{ZH: "图层中编号相同的要素", EN: "features of the same key"}, err
	}
	if i.target.Layer.Kind != geo.Point {
		return nil, beside, nil
	}
	return i.lineEvidence(ctx, swapped)
}

// given is a sample of the file under each datum, one row a feature and datum.
type given struct {
	keys     []string
	datum    []int32
	lon, lat []float64
}

func (i *importing) given(swapped bool) (g given) {
	numbers := i.sample.Numbers
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
			g.keys, g.datum = append(g.keys, i.sample.Keys[n]), append(g.datum, int32(d))
			g.lon, g.lat = append(g.lon, lon), append(g.lat, lat)
		}
	}
	return g
}

// keyEvidence compares with features of the same key; nil when there are too few.
func (i *importing) keyEvidence(ctx context.Context, swapped bool) ([]fit, error) {
	column := -1
	for n, c := range i.target.Columns {
		if c.Name == i.target.Layer.KeyColumn {
			column = n
		}
	}
	if column < 0 {
		return nil, nil
	}
	g := i.given(swapped)
	switch i.target.Columns[column].Type {
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
	if base := i.target.columns[column].base; base != "text" && base != "varchar" && base != "int4" && base != "int8" {
		return nil, nil
	}
	statement := i.target.statement("queries/evidence_keys.sql", i.staging, nil)
	fits, err := i.fits(ctx, statement, g.keys, g.datum, g.lon, g.lat)
	if err != nil || len(fits) < len(datums()) || fits[0].features < leastKeys {
		return nil, err
	}
	return fits, nil
}

// lineEvidence compares with the public layer of lines that the points lie nearest to.
func (i *importing) lineEvidence(ctx context.Context, swapped bool) (best []fit, beside lang.Label, err error) {
	layers, err := ReadLayers(ctx, i.tx)
	if err != nil {
		return nil, beside, err
	}
	g := i.given(swapped)
	for _, l := range layers {
		if l.Kind != geo.Line || l.Privacy != geo.Public || l.Name == i.target.Layer.Name {
			continue
		}
		statement := sql.Statement("queries/evidence_lines.sql", nil, layerWords(&l))
		fits, err := i.fits(ctx, statement, g.datum, g.lon, g.lat)
		if err != nil {
			return nil, beside, err
		}
		if len(fits) < len(datums()) || fits[bestOf(fits)].features < leastNearLines {
			continue
		}
		if best == nil || fits[bestOf(fits)].metres < best[bestOf(best)].metres {
			best, beside = fits, lang.Label{ZH: "图层“" + l.Title.ZH + "”", EN: "layer " + string(l.Name)}
		}
	}
	return best, beside, nil
}

func (i *importing) fits(ctx context.Context, statement string, args ...any) (fits []fit, err error) {
	rows, err := i.tx.Query(ctx, statement, args...)
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
