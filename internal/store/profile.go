package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/sql"
)

// Profile is the settings of imports that a planner saved under a name, because
// the same unit sends the same kind of file again.
type Profile struct {
	Name     string          `json:"name"`
	Layer    geo.LayerName   `json:"layer"`
	Actor    string          `json:"actor"`
	Settings ProfileSettings `json:"settings"`
}

// ProfileSettings are what a profile keeps.
type ProfileSettings struct {
	Mode     string   `json:"mode,omitempty"`
	CRS      string   `json:"crs,omitempty"`
	Axes     string   `json:"axes,omitempty"`
	Shift    string   `json:"shift,omitempty"`
	Encoding string   `json:"encoding,omitempty"`
	Inside   string   `json:"inside,omitempty"`
	X        string   `json:"x,omitempty"`
	Y        string   `json:"y,omitempty"`
	WKT      string   `json:"wkt,omitempty"`
	Map      []string `json:"map,omitempty"` // FIELD=NAME
	Strict   bool     `json:"strict,omitempty"`
	Anywhere bool     `json:"anywhere,omitempty"`
}

// SaveProfile keeps a profile, in place of one of the same name.
func (s *Store) SaveProfile(ctx context.Context, p Profile) error {
	if _, err := s.Layer(ctx, p.Layer); err != nil {
		return err
	}
	settings, err := json.Marshal(p.Settings)
	if err != nil {
		return fmt.Errorf("import profile %q: %w", p.Name, err)
	}
	_, err = s.pool.Exec(ctx, sql.Text("queries/profile_save.sql"), p.Name, string(p.Layer), settings, p.Actor)
	return describe(err)
}

// Profile returns a saved profile, or ErrNotFound.
func (s *Store) Profile(ctx context.Context, name string) (Profile, error) {
	return prompt(ctx, func(ctx context.Context) (Profile, error) { return s.readProfile(ctx, name) })
}

func (s *Store) readProfile(ctx context.Context, name string) (Profile, error) {
	p := Profile{Name: name}
	var settings []byte
	err := s.pool.QueryRow(ctx, sql.Text("queries/profile.sql"), name).Scan(&p.Layer, &p.Actor, &settings)
	if errors.Is(err, pgx.ErrNoRows) {
		var names []string
		if err := s.pool.QueryRow(ctx, sql.Text("queries/profile_names.sql")).Scan(&names); err != nil {
			return p, describe(err)
		}
		return p, fmt.Errorf("there is no import profile %q%s: %w", name, geo.Suggest(geo.Nearest(name, names)), geo.ErrNotFound)
	}
	if err != nil {
		return p, describe(err)
	}
	return p, json.Unmarshal(settings, &p.Settings)
}
