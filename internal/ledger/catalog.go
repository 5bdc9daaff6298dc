package ledger

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// Layers lists all layers in drawing order, personal ones included.
func (l *Ledger) Layers(ctx context.Context) ([]geo.Layer, error) {
	return pg.Prompt(ctx, func(ctx context.Context) ([]geo.Layer, error) { return ReadLayers(ctx, l.db.Owner) })
}

// Layer returns one layer of the catalogue, or ErrNotFound.
func (l *Ledger) Layer(ctx context.Context, name geo.LayerName) (geo.Layer, error) {
	layers, err := l.Layers(ctx)
	if err != nil {
		return geo.Layer{}, err
	}
	return geo.Find(layers, name)
}

// ReadLayers reads the catalogue through any connection, in drawing order.
func ReadLayers(ctx context.Context, q pg.Querier) ([]geo.Layer, error) {
	rows, err := q.Query(ctx, sql.Text("queries/layers.sql"))
	if err != nil {
		return nil, pg.Describe(lang.Errorf("read the catalogue: %w", err))
	}
	layers, err := pgx.CollectRows(rows, scanLayer)
	if err != nil {
		return nil, pg.Describe(lang.Errorf("read the catalogue: %w", err))
	}
	return layers, nil
}

func scanLayer(row pgx.CollectableRow) (geo.Layer, error) {
	var l geo.Layer
	var fields, style []byte
	err := row.Scan(&l.Name, &l.Schema, &l.Table, &l.IDColumn, &l.KeyColumn, &l.GeomColumn,
		&l.Kind, &l.Title.ZH, &l.Title.EN, &l.Description.ZH, &l.Description.EN,
		&l.MinZoom, &l.MaxZoom, &l.PointZoom, &l.Privacy, &l.Facet, &l.Spacing, &l.Position, &style, &fields)
	if err != nil {
		return l, err
	}
	l.Style = json.RawMessage(style)
	if err := json.Unmarshal(fields, &l.Fields); err != nil {
		return l, lang.Errorf("layer %q: fields: %w", l.Name, err)
	}
	l.KeepCounts()
	return l, nil
}

// SampleMissing lists those of the sample's layers that are still to be loaded,
// so that an interrupted first start goes on where it ended. Imports of the sample
// are known by how their source begins. A ledger that holds anything else lacks none.
func (l *Ledger) SampleMissing(ctx context.Context, layers []string, source string) ([]string, error) {
	var missing []string
	err := l.db.Owner.QueryRow(ctx, sql.Text("queries/sample_missing.sql"), layers, source).Scan(&missing)
	return missing, pg.Describe(err)
}
