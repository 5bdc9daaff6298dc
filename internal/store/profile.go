package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// Profile is the settings of imports that a planner saved under a name, because
// the same unit sends the same kind of file again.
type Profile struct {
	Name     string            `json:"name"`
	Actor    string            `json:"actor"`
	Settings settings.Settings `json:"settings"` // the layer among them
}

// SaveProfile keeps a profile, in place of one of the same name.
func (s *Store) SaveProfile(ctx context.Context, p Profile) error {
	layer := settings.Value(p.Settings.Layer)
	if _, err := s.Layer(ctx, geo.LayerName(layer)); err != nil {
		return err
	}
	said, err := json.Marshal(p.Settings)
	if err != nil {
		return lang.Errorf("import profile %q: %w", p.Name, err)
	}
	_, err = s.pool.Exec(ctx, sql.Text("queries/profile_save.sql"), p.Name, layer, said, p.Actor)
	return describe(err)
}

// Profile returns a saved profile, or ErrNotFound.
func (s *Store) Profile(ctx context.Context, name string) (Profile, error) {
	return prompt(ctx, func(ctx context.Context) (Profile, error) { return s.readProfile(ctx, name) })
}

func (s *Store) readProfile(ctx context.Context, name string) (Profile, error) {
	p := Profile{Name: name}
	var layer string
	var said []byte
	err := s.pool.QueryRow(ctx, sql.Text("queries/profile.sql"), name).Scan(&layer, &p.Actor, &said)
	if errors.Is(err, pgx.ErrNoRows) {
		var names []string
		if err := s.pool.QueryRow(ctx, sql.Text("queries/profile_names.sql")).Scan(&names); err != nil {
			return p, describe(err)
		}
		return p, lang.Errorf("there is no import profile %q%s: %w", name, geo.Suggest(geo.Nearest(name, names)), geo.ErrNotFound)
	}
	if err != nil {
		return p, describe(err)
	}
	err = json.Unmarshal(said, &p.Settings)
	p.Settings.Layer = &layer
	return p, err
}
