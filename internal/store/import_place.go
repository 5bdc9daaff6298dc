package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// placed is how the coordinates of a file become longitude and latitude, and what
// the ledger of imports says of it.
type placed struct {
	crs.Placement
	read           importer.Place
	definition     string     // PROJ's, of the file's system; "" where its EPSG code will do
	affine         crs.Affine // of the plane coordinates, before projecting; zero for none
	transformation string
	accuracy       *float64 // metres; nil where it is not known
}

// projected reports whether PROJ makes longitude and latitude of the staged rows.
func (p *placed) projected() bool { return !p.read.Degrees }

// locate decides what system the file's coordinates are in, and how they are moved.
func (i *importing) locate(ctx context.Context) (*placed, error) {
	var city crs.Box
	if err := i.tx.QueryRow(ctx, sql.Text("queries/city.sql")).Scan(&city.West, &city.South, &city.East, &city.North); err != nil {
		return nil, err
	}
	if !settings.Value(i.options.Anywhere) {
		i.target.City = &city
	}
	var err error
	if i.sample, err = importer.Examine(ctx, i.file, &i.target.Target); err != nil {
		return nil, err
	}
	if err := i.checkMapping(); err != nil {
		return nil, err
	}
	placement, err := i.placement(ctx, city)
	if err != nil {
		return nil, err
	}
	p := &placed{Placement: placement}
	if err := i.transform(ctx, p, city); err != nil {
		return nil, err
	}
	p.read.Swapped = placement.Axes == crs.NorthFirst
	return p, i.compareDatums(ctx, p)
}

// placement is what the planner said, or else what the file says and its numbers tell.
func (i *importing) placement(ctx context.Context, city crs.Box) (crs.Placement, error) {
	said, where, err := i.said()
	if err != nil {
		return crs.Placement{}, err
	}
	placement := crs.Placement{Axes: crs.EastFirst}
	switch {
	case said != nil && (settings.Value(i.options.Anywhere) || where == "--crs" && auto(i.options.Axes) != "auto"):
		placement.System, placement.How = *said, crs.GivenBy(where)
	default:
		placement, err = i.decided(ctx, said, where, city)
		if question := (*crs.Question)(nil); errors.As(err, &question) {
			placement, err = i.byEvidence(ctx, question)
		}
		if err != nil {
			return placement, err
		}
	}
	if auto(i.options.Axes) != "auto" {
		placement.Axes = crs.Axes(auto(i.options.Axes))
	}
	return placement, nil
}

// decided lets the numbers decide. What is said is tried first by itself, because
// asking PROJ where the city lies in a dozen systems takes a third of a second.
func (i *importing) decided(ctx context.Context, said *crs.System, where string, city crs.Box) (crs.Placement, error) {
	if said != nil {
		box, err := i.cityIn(ctx, *said, city)
		if err != nil {
			return crs.Placement{}, err
		}
		placement, err := crs.Decide(i.sample.Numbers, said, where, []crs.Candidate{{System: *said, City: box}})
		if err == nil && len(placement.Warnings) == 0 {
			return placement, nil
		}
	}
	candidates, err := i.candidates(ctx, said, city)
	if err != nil {
		return crs.Placement{}, err
	}
	return crs.Decide(i.sample.Numbers, said, where, candidates)
}

// said is the system that the planner or the file states, and where; nil for none.
func (i *importing) said() (*crs.System, string, error) {
	if auto(i.options.CRS) != "auto" {
		asked, err := crs.Parse(auto(i.options.CRS))
		return &asked, "--crs", err
	}
	said := i.file.Said
	if said.Where == "" {
		return nil, "", nil
	}
	read := crs.Parse
	if strings.ContainsAny(said.Text, "[(") {
		read = crs.FromWKT
	}
	system, err := read(said.Text)
	if err != nil {
		return nil, "", lang.Errorf("%s: what %s says of its coordinates is not understood; state the system with --crs: %w", i.file.Name, said.Where, err)
	}
	return &system, said.Where, nil
}

// candidates are the systems that the numbers are tried against, and where the
// city lies in each, as PROJ has it.
func (i *importing) candidates(ctx context.Context, said *crs.System, city crs.Box) ([]crs.Candidate, error) {
	systems := crs.Surveyed(city)
	if said != nil {
		systems = append(systems, *said)
	}
	var list []crs.Candidate
	seen := map[string]bool{}
	for _, system := range systems {
		if seen[system.Name] {
			continue
		}
		seen[system.Name] = true
		box, err := i.cityIn(ctx, system, city)
		if err != nil {
			return nil, err
		}
		list = append(list, crs.Candidate{System: system, City: box})
	}
	return list, nil
}

// cityIn is where the city lies in a system, with a margin of a hundredth of its extent.
func (i *importing) cityIn(ctx context.Context, system crs.System, city crs.Box) (crs.Box, error) {
	if system.Degrees {
		return city, nil
	}
	var b crs.Box
	err := pgx.BeginFunc(ctx, i.tx, func(savepoint pgx.Tx) error {
		return savepoint.QueryRow(ctx, sql.Text("queries/crs_city.sql"), system.EPSG, system.PROJ, city.West, city.South, city.East, city.North).
			Scan(&b.West, &b.South, &b.East, &b.North)
	})
	if answer := (*pgconn.PgError)(nil); errors.As(err, &answer) {
		return b, lang.Errorf("the ledger's PROJ cannot use the coordinate system %s; name another with --crs: %w", system.Name, geo.ErrInvalid)
	}
	x, y := (b.East-b.West)/100, (b.North-b.South)/100
	return crs.Box{West: b.West - x, South: b.South - y, East: b.East + x, North: b.North + y}, err
}

// Stated accuracies of what is done to coordinates, in metres.
const (
	shiftAccuracy = 1.0 // of the published formulas of GCJ-02 and BD-09 against map services, measured at 332 cities
	equalAccuracy = 0.1 // of taking CGCS2000 as WGS 84
)

// everywhere bounds metres where the city does not.
func everywhere() crs.Box { return crs.Box{West: -1e9, South: -1e9, East: 1e9, North: 1e9} }

// transform chooses how the system's coordinates become EPSG:4326.
func (i *importing) transform(ctx context.Context, p *placed, city crs.Box) error {
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
		if settings.Value(i.options.Shift) == "" && len(i.options.Control) == 0 {
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
	if err := i.adjust(ctx, p); err != nil {
		return err
	}
	p.read = importer.Place{Within: everywhere(), SRID: 0}
	if settings.Value(i.options.Anywhere) {
		return nil
	}
	var err error
	p.read.Within, err = i.cityIn(ctx, p.System, city)
	return err
}

// adjust takes up the planner's datum parameters or control points.
func (i *importing) adjust(ctx context.Context, p *placed) error {
	switch {
	case settings.Value(i.options.Shift) != "" && len(i.options.Control) > 0:
		return lang.Errorf("--shift and --control are two ways to the same end; give one of them: %w", geo.ErrInvalid)
	case settings.Value(i.options.Shift) != "":
		shift, err := crs.ParseShift(settings.Value(i.options.Shift))
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
	case len(i.options.Control) > 0:
		return i.fitControl(ctx, p)
	}
	return nil
}
