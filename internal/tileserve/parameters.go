package tileserve

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/geo/cql"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/replica"
	"yizhan/tiles"
)

// Asked is a validated request for a view of some layers.
type Asked struct {
	tiles.View
	layers []geo.Layer // as the view has them
	filter *cql.Expr
}

// parameter is a query parameter of a view. They are read in the order of the list.
type parameter struct {
	name string
	read func(a *Asked, text string, now time.Time) error
}

var parameters = []parameter{
	{"datum", readDatum},
	{"as_of", func(a *Asked, text string, now time.Time) error { return readPast("as_of", &a.AsOf, text, now) }},
	{"from", readFrom},
	{"to", func(a *Asked, text string, now time.Time) error { return readPast("to", &a.To, text, now) }},
	{"columns", readColumns},
	{"filter", readFilter},
}

// Parameters are the names of the query parameters of a view.
func Parameters() (names []string) {
	for _, p := range parameters {
		names = append(names, p.name)
	}
	return names
}

// Ask reads the layers and parameters of a tile, its TileJSON or explanation. Everything
// that can be wrong with them is detected here, before anything is drawn.
func (s *Service) Ask(list string, query url.Values) (*Asked, error) {
	if err := onlyOnce(query); err != nil {
		return nil, err
	}
	state, err := s.Replica.Ready()
	if err != nil {
		return nil, err
	}
	a := &Asked{}
	if a.layers, err = Choose(state, list); err != nil {
		return nil, err
	}
	names := make([]geo.LayerName, len(a.layers))
	for i, l := range a.layers {
		names[i] = l.Name
		a.layers[i] = *state.Layers[l.Name].Layer()
	}
	a.View = tiles.Of(names...)
	if len(query) == 0 {
		s.spellings.remember(list, a.View)
		return a, nil
	}
	if err := contradicting(query); err != nil {
		return nil, err
	}
	now := time.Now()
	for _, p := range parameters {
		if !query.Has(p.name) {
			continue
		}
		if err := p.read(a, query.Get(p.name), now); err != nil {
			return nil, err
		}
	}
	if a.To != 0 && a.From >= a.To {
		return nil, lang.Errorf("from must be before to, by at least a second: %w", geo.ErrInvalid)
	}
	return a, nil
}

// options are what drawing the collections needs to know.
func (a *Asked) options(collections []*index.Collection) (tiles.Options, error) {
	o := tiles.Options{Datum: a.Datum, Columns: a.Columns.List()}
	if a.filter == nil {
		return o, nil
	}
	o.Filters = map[geo.LayerName]tiles.Filter{}
	for _, c := range collections {
		f, err := a.filter.Bind(c.Layer(), c.Values())
		if err != nil {
			return o, err
		}
		o.Filters[c.Layer().Name] = f
	}
	return o, nil
}

// onlyOnce refuses a parameter that is unknown, or given twice.
func onlyOnce(query url.Values) error {
	known := Parameters()
	for name, values := range query {
		if !slices.Contains(known, name) {
			return lang.Errorf("unknown parameter %.60q%s: %w", name, geo.Suggest(geo.Nearest(name, known)),
				geo.ErrInvalid)
		}
		if len(values) > 1 {
			return lang.Errorf("parameter %s is given %d times; give it once: %w", name, len(values), geo.ErrInvalid)
		}
	}
	return nil
}

// contradicting refuses times that cannot be combined.
func contradicting(query url.Values) error {
	asOf, from, to := query.Get("as_of") != "", query.Get("from") != "", query.Get("to") != ""
	switch {
	case asOf && (from || to):
		return lang.Errorf("as_of cannot be combined with from or to; give one or the other: %w", geo.ErrInvalid)
	case to && !from:
		return lang.Errorf("to needs from: give both, or from alone for what changed up to now: %w", geo.ErrInvalid)
	}
	return nil
}

func readDatum(a *Asked, text string, _ time.Time) error {
	if text == "" {
		return nil
	}
	d, err := geo.ParseDatum(text)
	if d != geo.WGS84 {
		a.Datum = d
	}
	return err
}

// readPast reads an instant; one in the future means the present.
func readPast(name string, into *tiles.Instant, text string, now time.Time) error {
	if text == "" {
		return nil
	}
	at, err := replica.ParseInstant(text)
	if err != nil {
		return lang.Errorf("%s: %w", name, err)
	}
	if at.Before(now) {
		*into = tiles.InstantOf(at)
	}
	return nil
}

// readFrom reads the instant since which the layers are to be compared, and makes them
// layers of differences.
func readFrom(a *Asked, text string, now time.Time) error {
	if text == "" {
		return nil
	}
	if err := readPast("from", &a.From, text, now); err != nil {
		return err
	}
	if a.From == 0 {
		return lang.Errorf(
			"from %.40q is in the future (a day stands for its end, Beijing time); give an earlier one: %w", text,
			geo.ErrInvalid)
	}
	for i, l := range a.layers {
		a.layers[i] = replica.Differing(l)
	}
	return nil
}

// readColumns reads a comma list of fields, each of which some layer must show.
func readColumns(a *Asked, text string, _ time.Time) error {
	var columns, known []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			columns = append(columns, name)
		}
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	for _, l := range a.layers {
		for _, f := range l.Fields {
			known = append(known, f.Name)
		}
	}
	for _, name := range columns {
		if !slices.Contains(known, name) {
			return lang.Errorf("columns: field %.60q not found%s: %w", name, geo.Suggest(geo.Nearest(name, known)),
				geo.ErrInvalid)
		}
	}
	a.Columns = tiles.Columns{Chosen: true, Names: strings.Join(columns, ",")}
	return nil
}

// readFilter reads a condition in CQL2 text that each of the layers must understand.
func readFilter(a *Asked, text string, _ time.Time) (err error) {
	if text == "" {
		return nil
	}
	if a.filter, err = cql.Parse(text); err != nil {
		return err
	}
	a.Filter = a.filter.String()
	for i := range a.layers {
		if _, err := a.filter.Bind(&a.layers[i], &index.Values{}); err != nil {
			return err
		}
	}
	return nil
}
