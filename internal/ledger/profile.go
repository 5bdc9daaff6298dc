package ledger

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
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
func (l *Ledger) SaveProfile(ctx context.Context, p Profile) error {
	layer := settings.Value(p.Settings.Layer)
	if _, err := l.Layer(ctx, geo.LayerName(layer)); err != nil {
		return err
	}
	said, err := json.Marshal(p.Settings)
	if err != nil {
		return lang.Errorf("import profile %q: %w", p.Name, err)
	}
	_, err = l.db.Owner.Exec(ctx, sql.Text("queries/profile_save.sql"), p.Name, layer, said, p.Actor)
	return pg.Describe(err)
}

// Profile returns a saved profile, or ErrNotFound.
func (l *Ledger) Profile(ctx context.Context, name string) (Profile, error) {
	return pg.Prompt(ctx, func(ctx context.Context) (Profile, error) { return l.readProfile(ctx, name) })
}

func (l *Ledger) readProfile(ctx context.Context, name string) (Profile, error) {
	p := Profile{Name: name}
	var layer string
	var said []byte
	err := l.db.Owner.QueryRow(ctx, sql.Text("queries/profile.sql"), name).Scan(&layer, &p.Actor, &said)
	if errors.Is(err, pgx.ErrNoRows) {
		var names []string
		if err := l.db.Owner.QueryRow(ctx, sql.Text("queries/profile_names.sql")).Scan(&names); err != nil {
			return p, pg.Describe(err)
		}
		return p, lang.Errorf("import profile %q not found%s: %w", name, geo.Suggest(geo.Nearest(name, names)),
			geo.ErrNotFound)
	}
	if err != nil {
		return p, pg.Describe(err)
	}
	err = json.Unmarshal(said, &p.Settings)
	p.Settings.Layer = &layer
	return p, err
}
