package server

import (
	"context"
	"net/http"
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

// view is what a request wants to see of some layers.
type view struct {
	layers  []geo.Layer
	datum   geo.Datum
	columns []string
	filter  *cql.Expr

	asOf     time.Time // zero for the present
	from, to time.Time // from is zero unless differences are asked for; to is zero for the present
}

// viewParameters are the query parameters of a view.
var viewParameters = []string{"datum", "columns", "filter", "as_of", "from", "to"}

// readView reads the layers and parameters of a tile, its TileJSON or explanation.
// Everything that can be wrong with them is found here, before anything is drawn.
func (s *Server) readView(r *http.Request, state *replica.State, list string) (*view, error) {
	if err := onlyParameters(r, viewParameters...); err != nil {
		return nil, err
	}
	chosen, err := choose(state, list)
	if err != nil {
		return nil, err
	}
	v := &view{layers: chosen}
	if r.URL.RawQuery == "" {
		s.aliases.remember(list, v.name())
		return v, nil
	}
	values := r.URL.Query()
	for _, name := range viewParameters {
		if len(values[name]) > 1 {
			return nil, lang.Errorf("parameter %s is there %d times; give it once: %w", name, len(values[name]), geo.ErrInvalid)
		}
	}
	if name := values.Get("datum"); name != "" {
		if v.datum, err = geo.ParseDatum(name); err != nil {
			return nil, err
		}
		if v.datum == geo.WGS84 {
			v.datum = ""
		}
	}
	if err := v.readTimes(values, time.Now()); err != nil {
		return nil, err
	}
	described := v.described(state)
	if values.Has("columns") {
		if v.columns, err = readColumns(values.Get("columns"), described); err != nil {
			return nil, err
		}
	}
	if text := values.Get("filter"); text != "" {
		if v.filter, err = cql.Parse(text); err != nil {
			return nil, err
		}
		for i := range described {
			if _, err := v.filter.Bind(&described[i], &index.Values{}); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// readTimes reads as_of, or from and to. What lies ahead is the present.
func (v *view) readTimes(values url.Values, now time.Time) error {
	for name, into := range map[string]*time.Time{"as_of": &v.asOf, "from": &v.from, "to": &v.to} {
		text := values.Get(name)
		if text == "" {
			continue
		}
		at, err := replica.ParseInstant(text)
		if err != nil {
			return lang.Errorf("%s: %w", name, err)
		}
		if at.Before(now) {
			*into = at
		} else if name == "from" {
			return lang.Errorf("from %.40q lies ahead (a day stands for its end, in China's time); give an earlier one: %w", text, geo.ErrInvalid)
		}
	}
	switch {
	case values.Get("as_of") != "" && (values.Get("from") != "" || values.Get("to") != ""):
		return lang.Errorf("as_of is one instant, from and to are two; give one or the other: %w", geo.ErrInvalid)
	case values.Get("to") != "" && v.from.IsZero():
		return lang.Errorf("to without from: differences need both, or from alone for those up to now: %w", geo.ErrInvalid)
	case !v.to.IsZero() && !v.from.Before(v.to):
		return lang.Errorf("from must be before to, by a second or more: %w", geo.ErrInvalid)
	}
	return nil
}

// past reports whether the view is not of the present alone.
func (v *view) past() bool { return !v.asOf.IsZero() || !v.from.IsZero() }

// described is the layers as the view has them.
func (v *view) described(state *replica.State) []geo.Layer {
	var all []geo.Layer
	for _, l := range v.layers {
		described := *state.Layers[l.Name].Layer()
		if !v.from.IsZero() {
			described = replica.Differing(described)
		}
		all = append(all, described)
	}
	return all
}

// readColumns reads a comma list of fields, each of which some layer must show.
func readColumns(list string, chosen []geo.Layer) ([]string, error) {
	columns := []string{}
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			columns = append(columns, name)
		}
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	var known []string
	for _, l := range chosen {
		for _, f := range l.Fields {
			known = append(known, f.Name)
		}
	}
	for _, name := range columns {
		if !slices.Contains(known, name) {
			return nil, lang.Errorf("columns: there is no field %.60q%s: %w", name, geo.Suggest(geo.Nearest(name, known)), geo.ErrInvalid)
		}
	}
	return columns, nil
}

// name is the view's canonical name in the cache: the layers, and what else was
// asked for after a question mark, the datum first.
func (v *view) name() string {
	name := join(v.layers)
	var rest []string
	if v.datum != "" {
		rest = append(rest, "datum="+string(v.datum))
	}
	for _, t := range v.times() {
		rest = append(rest, t[0]+"="+t[1])
	}
	if v.columns != nil {
		rest = append(rest, "columns="+strings.Join(v.columns, ","))
	}
	if v.filter != nil {
		rest = append(rest, "filter="+v.filter.String())
	}
	if len(rest) == 0 {
		return name
	}
	return name + "?" + strings.Join(rest, "&")
}

// times are the instants of the view by parameter.
func (v *view) times() (times [][2]string) {
	for _, t := range []struct {
		name string
		at   time.Time
	}{{"as_of", v.asOf}, {"from", v.from}, {"to", v.to}} {
		if !t.at.IsZero() {
			times = append(times, [2]string{t.name, t.at.Format(time.RFC3339Nano)})
		}
	}
	return times
}

// query is the view as query parameters.
func (v *view) query() url.Values {
	q := url.Values{}
	if v.datum != "" {
		q.Set("datum", string(v.datum))
	}
	for _, t := range v.times() {
		q.Set(t[0], t[1])
	}
	if v.columns != nil {
		q.Set("columns", strings.Join(v.columns, ","))
	}
	if v.filter != nil {
		q.Set("filter", v.filter.String())
	}
	return q
}

// collections are the features of the view's layers in a state; a layer that is not
// shown any more is left out.
func (s *Server) collections(ctx context.Context, client string, v *view, state *replica.State) ([]*index.Collection, error) {
	var all []*index.Collection
	for _, l := range v.layers {
		c, shown := state.Layers[l.Name]
		if !shown {
			continue
		}
		var err error
		switch {
		case !v.asOf.IsZero():
			c, err = s.history.AsOf(ctx, client, c, v.asOf)
		case !v.from.IsZero():
			c, err = s.history.Between(ctx, client, c, v.from, v.to)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// options are the view's for drawing the collections.
func (v *view) options(collections []*index.Collection) (tiles.Options, error) {
	o := tiles.Options{Datum: v.datum, Columns: v.columns}
	if v.filter == nil {
		return o, nil
	}
	o.Filters = map[geo.LayerName]tiles.Filter{}
	for _, c := range collections {
		f, err := v.filter.Bind(c.Layer(), c.Values())
		if err != nil {
			return o, err
		}
		o.Filters[c.Layer().Name] = f
	}
	return o, nil
}
