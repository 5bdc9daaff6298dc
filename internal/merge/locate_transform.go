package merge

import (
	"context"
	"fmt"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
)

// Stated accuracies of what is done to coordinates, in metres.
const (
	shiftAccuracy = 1.0 // of the published formulas of GCJ-02 and BD-09 against map services, measured at 332 cities
	equalAccuracy = 0.1 // of taking CGCS2000 as WGS 84
)

// everywhere bounds metres where the city does not.
func everywhere() crs.Box { return crs.Box{West: -1e9, South: -1e9, East: 1e9, North: 1e9} }

// transform chooses how the system's coordinates become EPSG:4326.
func (loc *locating) transform(ctx context.Context, p *placed) error {
	accuracy := func(metres float64) { p.accuracy = &metres }
	switch {
	case p.Datum == crs.GCJ02, p.Datum == crs.BD09:
		p.read = importer.Place{Degrees: true, Datum: geo.GCJ02, SRID: srid}
		if p.Datum == crs.BD09 {
			p.read.Datum = geo.BD09
		}
		p.transformation = string(p.Datum) + " → WGS 84, inverse by iteration"
		accuracy(shiftAccuracy)
		return nil
	case p.Datum == crs.Xian80, p.Datum == crs.Beijing54:
		if settings.Value(loc.order.Shift) == "" && len(loc.order.Control) == 0 {
			return crs.Refuse(p.System)
		}
	case p.Degrees && (p.Datum == crs.WGS84 || p.Datum == crs.CGCS2000):
		p.read, p.transformation = importer.WGS84(), "none"
		if p.Datum == crs.CGCS2000 {
			p.transformation = "CGCS2000 taken as WGS 84"
			accuracy(equalAccuracy)
		}
		return nil
	case p.Datum == crs.CGCS2000:
		accuracy(equalAccuracy)
	}
	p.transformation = p.Name + " → EPSG:4326 by PROJ"
	p.definition = p.PROJ
	if err := loc.adjust(ctx, p); err != nil {
		return err
	}
	p.read = importer.Place{Within: everywhere(), SRID: 0}
	if settings.Value(loc.order.Anywhere) {
		return nil
	}
	var err error
	p.read.Within, err = loc.cityIn(ctx, p.System)
	return err
}

// adjust takes up the planner's datum parameters or control points.
func (loc *locating) adjust(ctx context.Context, p *placed) error {
	switch {
	case settings.Value(loc.order.Shift) != "" && len(loc.order.Control) > 0:
		return lang.Errorf("--shift and --control exclude each other; give one of them: %w", geo.ErrInvalid)
	case settings.Value(loc.order.Shift) != "":
		shift, err := crs.ParseShift(settings.Value(loc.order.Shift))
		if err != nil {
			return err
		}
		shifted, err := shift.On(p.System)
		if err != nil {
			return err
		}
		p.definition = shifted.PROJ
		p.transformation = fmt.Sprintf("%s → EPSG:4326 by PROJ with %s", p.Name, shift.PROJ())
		p.accuracy = nil
	case len(loc.order.Control) > 0:
		return loc.fitControl(ctx, p)
	}
	return nil
}
