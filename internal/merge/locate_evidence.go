package merge

import (
	"context"
	"strings"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
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
	clearlyOff     = 100.0 // metres: less is not a matter of the datum
	clearlyBetter  = 4.0   // times nearer
)

// datums are those that degrees can be in, in the order of the evidence.
func datums() []geo.Datum { return []geo.Datum{geo.WGS84, geo.GCJ02, geo.BD09} }

// compareDatums warns when a file of degrees lies better beside what is there
// already under another datum than the one it is read in.
func (loc *locating) compareDatums(ctx context.Context, p *placed) error {
	if !p.read.Degrees {
		return nil
	}
	claimed := map[geo.Datum]int{geo.WGS84: 0, geo.GCJ02: 1, geo.BD09: 2}[p.read.Datum]
	fits, beside, err := loc.evidence(ctx, p.Axes == crs.NorthFirst)
	if err != nil || fits == nil {
		return err
	}
	best := bestOf(fits)
	if best == claimed || fits[claimed].metres < clearlyOff || fits[best].metres*clearlyBetter > fits[claimed].metres {
		return nil
	}
	name := datumName(best)
	p.Warnings = append(p.Warnings,
		lang.Bothf("the coordinates may be %s: read as that, %d features lie %.1f m (median) from %s; "+
			"read as %s, %.1f m. If so, import again with --crs %s", name, fits[best].features, fits[best].metres, beside,
			datumName(claimed), fits[claimed].metres, strings.ToLower(strings.ReplaceAll(name, "-", ""))))
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
func (loc *locating) byEvidence(ctx context.Context, q *crs.Question) (crs.Placement, error) {
	asked := lang.Errorf("%s: %w", loc.order.file.Name, q)
	axes := crs.EastFirst
	for _, r := range q.Readings {
		if !r.System.Degrees {
			return crs.Placement{}, asked
		}
		axes = r.Axes
	}
	fits, err := loc.keyEvidence(ctx, axes == crs.NorthFirst)
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
	how := lang.Bothf(
		"decided by %d features with the same key in the layer: read as %s, they lie %.2f m apart (median)",
		fits[best].features, datumName(best), fits[best].metres)
	return crs.Placement{System: system, Axes: axes, How: how}, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
