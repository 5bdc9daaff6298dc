package tiles

import (
	"net/url"
	"strings"
	"time"

	"yizhan/geo"
)

// View is what tiles show: which layers, of when, in which datum, of which features and
// with which of their fields. Two views are equal if their tiles are: each part is
// spelled in one way only. It can be compared, and be part of a map's key.
type View struct {
	Layers  string    // names in the order of the catalogue, comma-separated
	Datum   geo.Datum // "" for WGS 84
	AsOf    Instant   // zero for the present
	From    Instant   // zero unless the tiles show what changed since
	To      Instant   // zero for the present
	Columns Columns
	Filter  string // CQL2 text (OGC 21-065r2) as package geo/cql prints it; "" for all features
}

// Instant is microseconds since 1970-01-01T00:00:00Z, the resolution of PostgreSQL. Zero
// is none.
type Instant int64

// InstantOf is the instant of a time, whose rest below a microsecond is cut off. As zero is
// none, the start of 1970 is a microsecond late.
func InstantOf(t time.Time) Instant {
	if at := t.UnixMicro(); at != 0 {
		return Instant(at)
	}
	return 1
}

// Time is the instant as a time in UTC, and the zero time for none.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(i)).UTC()
}

// Columns are the fields that features carry. The zero value is those of the zoom.
type Columns struct {
	Chosen bool
	Names  string // comma-separated, in alphabetical order, each once
}

// List is the names as [Options] wants them: nil for those of the zoom.
func (c Columns) List() []string {
	switch {
	case !c.Chosen:
		return nil
	case c.Names == "":
		return []string{}
	default:
		return strings.Split(c.Names, ",")
	}
}

// Of is the usual view of some layers.
func Of(layers ...geo.LayerName) View {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = string(l)
	}
	return View{Layers: strings.Join(names, ",")}
}

// Usual reports whether nothing but layers was asked for.
func (v View) Usual() bool { return v == View{Layers: v.Layers} }

// Past reports whether the view is not of the present alone.
func (v View) Past() bool { return v.AsOf != 0 || v.From != 0 }

// Has reports whether the view shows the layer.
func (v View) Has(layer geo.LayerName) bool {
	for list := v.Layers; list != ""; {
		var one string
		if one, list, _ = strings.Cut(list, ","); one == string(layer) {
			return true
		}
	}
	return false
}

// Query is the view, its layers aside, as query parameters.
func (v View) Query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("datum", string(v.Datum))
	for name, at := range map[string]Instant{"as_of": v.AsOf, "from": v.From, "to": v.To} {
		if at != 0 {
			set(name, at.Time().Format(time.RFC3339Nano))
		}
	}
	if v.Columns.Chosen {
		q.Set("columns", v.Columns.Names)
	}
	set("filter", v.Filter)
	return q
}

// String is the view for people, as "road,wall_site?datum=gcj02".
func (v View) String() string {
	if v.Usual() {
		return v.Layers
	}
	query, err := url.QueryUnescape(v.Query().Encode())
	if err != nil {
		query = v.Query().Encode()
	}
	return v.Layers + "?" + query
}
