package merge

import (
	"context"
	"errors"
	"maps"
	"slices"
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
	sample         *importer.Sample // of the file, by which it was decided
	read           importer.Place
	definition     string     // PROJ's, of the file's system; "" where its EPSG code will do
	affine         crs.Affine // of the plane coordinates, before projecting; zero for none
	transformation string
	accuracy       *float64 // metres; nil where it is not known
}

// projected reports whether PROJ makes longitude and latitude of the staged rows.
func (p *placed) projected() bool { return !p.read.Degrees }

// locating is the stage that decides where the coordinates of a file are.
type locating struct {
	*work
	sample *importer.Sample
	city   crs.Box
}

// locate decides what system the file's coordinates are in, and how they are transformed.
func locate(ctx context.Context, w *work) (*placed, error) {
	city, err := readCity(ctx, w.tx)
	if err != nil {
		return nil, err
	}
	sample, err := importer.Examine(ctx, w.order.file, &w.target.Target)
	if err != nil {
		return nil, err
	}
	loc := &locating{w, sample, city}
	if err := loc.checkMapping(); err != nil {
		return nil, err
	}
	placement, err := loc.placement(ctx)
	if err != nil {
		return nil, err
	}
	p := &placed{Placement: placement, sample: sample}
	if err := loc.transform(ctx, p); err != nil {
		return nil, err
	}
	p.read.Swapped = placement.Axes == crs.NorthFirst
	return p, loc.compareDatums(ctx, p)
}

// checkMapping refuses a mapping of a field that the file does not have, where
// that is certain before the whole file is read.
func (loc *locating) checkMapping() error {
	if loc.order.file.Fields == nil && !loc.sample.Whole {
		return nil
	}
	for _, field := range slices.Sorted(maps.Keys(loc.order.mapping)) {
		if !slices.Contains(loc.sample.Fields, field) {
			return lang.Errorf("field %[2]q to map not found in %[1]s%[3]s: %w", loc.order.file.Name, field,
				geo.Suggest(geo.Nearest(field, loc.sample.Fields)), geo.ErrInvalid)
		}
	}
	return nil
}

// placement is what the planner said, or else what the file says and its numbers tell.
func (loc *locating) placement(ctx context.Context) (crs.Placement, error) {
	said, where, err := loc.said()
	if err != nil {
		return crs.Placement{}, err
	}
	placement := crs.Placement{Axes: crs.EastFirst}
	switch {
	case said != nil && (settings.Value(loc.order.Anywhere) || where == "--crs" && auto(loc.order.Axes) != "auto"):
		placement.System, placement.How = *said, crs.GivenBy(where)
	default:
		placement, err = loc.decided(ctx, said, where)
		if question := (*crs.Question)(nil); errors.As(err, &question) {
			placement, err = loc.byEvidence(ctx, question)
		}
		if err != nil {
			return placement, err
		}
	}
	if auto(loc.order.Axes) != "auto" {
		placement.Axes = crs.Axes(auto(loc.order.Axes))
	}
	return placement, nil
}

// decided lets the numbers decide. What is said is tried first by itself, because
// asking PROJ where the city lies in a dozen systems takes a third of a second.
func (loc *locating) decided(ctx context.Context, said *crs.System, where string) (crs.Placement, error) {
	if said != nil {
		box, err := loc.cityIn(ctx, *said)
		if err != nil {
			return crs.Placement{}, err
		}
		placement, err := crs.Decide(loc.sample.Numbers, said, where, []crs.Candidate{{System: *said, City: box}})
		if err == nil && len(placement.Warnings) == 0 {
			return placement, nil
		}
	}
	candidates, err := loc.candidates(ctx, said)
	if err != nil {
		return crs.Placement{}, err
	}
	return crs.Decide(loc.sample.Numbers, said, where, candidates)
}

// said is the system that the planner or the file states, and where; nil for none.
func (loc *locating) said() (*crs.System, string, error) {
	if auto(loc.order.CRS) != "auto" {
		asked, err := crs.Parse(auto(loc.order.CRS))
		return &asked, "--crs", err
	}
	said := loc.order.file.Said
	if said.Where == "" {
		return nil, "", nil
	}
	read := crs.Parse
	if strings.ContainsAny(said.Text, "[(") {
		read = crs.FromWKT
	}
	system, err := read(said.Text)
	if err != nil {
		return nil, "", lang.Errorf("%s: the coordinate system in %s is not recognised; specify it with --crs: %w",
			loc.order.file.Name, said.Where, err)
	}
	return &system, said.Where, nil
}

// candidates are the systems that the numbers are tried against, and where the
// city lies in each, as PROJ has it.
func (loc *locating) candidates(ctx context.Context, said *crs.System) ([]crs.Candidate, error) {
	systems := crs.Surveyed(loc.city)
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
		box, err := loc.cityIn(ctx, system)
		if err != nil {
			return nil, err
		}
		list = append(list, crs.Candidate{System: system, City: box})
	}
	return list, nil
}

// cityIn is where the city lies in a system, with a margin of a hundredth of its extent.
func (loc *locating) cityIn(ctx context.Context, system crs.System) (crs.Box, error) {
	if system.Degrees {
		return loc.city, nil
	}
	var b crs.Box
	city := loc.city
	err := pgx.BeginFunc(ctx, loc.tx, func(savepoint pgx.Tx) error {
		return savepoint.QueryRow(ctx, sql.Text("queries/crs_city.sql"), system.EPSG, system.PROJ, city.West,
			city.South, city.East, city.North).
			Scan(&b.West, &b.South, &b.East, &b.North)
	})
	if answer := (*pgconn.PgError)(nil); errors.As(err, &answer) {
		return b, lang.Errorf("the ledger's PROJ cannot use coordinate system %s; specify another with --crs: %w",
			system.Name, geo.ErrInvalid)
	}
	x, y := (b.East-b.West)/100, (b.North-b.South)/100
	return crs.Box{West: b.West - x, South: b.South - y, East: b.East + x, North: b.North + y}, err
}
