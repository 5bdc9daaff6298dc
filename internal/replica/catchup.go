package replica

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/sql"
)

// touched is what the journal says since the last state.
type touched struct {
	ids     map[geo.LayerName][]int64
	pasts   map[geo.LayerName]bool // of which the past is told otherwise now
	catalog bool
}

// catchUp brings the state to what the ledger holds now, in one transaction.
func (r *Replica) catchUp(ctx context.Context, conn *pgx.Conn) error {
	started := time.Now()
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error {
		var version string
		if err := tx.QueryRow(ctx, sql.Text("queries/journal_begin.sql")).Scan(&version); err != nil {
			return lang.Errorf("replica: snapshot: %w", err)
		}
		before := r.state.Load()
		if before == nil || r.loadedFrom != r.server {
			return r.loadAll(ctx, tx, version)
		}
		if before.Version == version && !r.catalogDue(started) {
			return nil
		}
		return r.advance(ctx, tx, before, version, r.catalogDue(started))
	})
	if err != nil {
		return err
	}
	if err := r.reached(r.state.Load().Version); err != nil {
		return err
	}
	r.confirm(started)
	return nil
}

// loadAll reads every public layer.
func (r *Replica) loadAll(ctx context.Context, tx pgx.Tx, version string) error {
	started := time.Now()
	catalog, err := publicLayers(ctx, tx)
	if err != nil {
		return err
	}
	next := &State{Version: version, Catalog: catalog, Layers: map[geo.LayerName]*index.Collection{},
		Loaded: time.Now()}
	change := Change{Version: version, Catalog: true}
	for i := range catalog {
		if err := r.takeLayer(ctx, tx, next, &change, &catalog[i]); err != nil {
			return err
		}
	}
	r.catalogRead, r.loadedFrom = started, r.server
	change.Layers = append(change.Layers, withdrawn(r.state.Load(), next)...)
	r.publish(next, change)
	status := r.Status()
	status.LoadTime = time.Since(started)
	r.status.Store(&status)
	return nil
}

// withdrawn lists the layers of the state before that the next one lacks.
func withdrawn(before, next *State) []LayerChange {
	var gone []LayerChange
	if before == nil {
		return nil
	}
	for name := range before.Layers {
		if _, still := next.Layers[name]; !still {
			gone = append(gone, LayerChange{Layer: name, Whole: true})
		}
	}
	return gone
}

// catalogDue reports whether it is time to look at the catalogue unasked, because
// a table that is dropped or altered writes no journal entry.
func (r *Replica) catalogDue(now time.Time) bool {
	return now.Sub(r.catalogRead) > catalogInterval
}

// takeLayer reads one layer whole into the next state. A layer that cannot be
// read is left out, which the log says; the next look at the catalogue tries again.
func (r *Replica) takeLayer(ctx context.Context, tx pgx.Tx, next *State, change *Change, layer *geo.Layer) error {
	collection, err := r.load(ctx, tx, *layer)
	if err != nil {
		if tx.Conn().IsClosed() || ctx.Err() != nil {
			return err
		}
		r.log.Error("a layer cannot be read and is not shown", "layer", layer.Name, "error", err)
		if _, shown := next.Layers[layer.Name]; !shown {
			return nil
		}
		delete(next.Layers, layer.Name)
		change.Layers = append(change.Layers, LayerChange{Layer: layer.Name, Whole: true})
		return nil
	}
	next.Layers[layer.Name] = collection
	change.Layers = append(change.Layers, LayerChange{Layer: layer.Name, Whole: true, IDs: collection.Len()})
	return nil
}

// advance applies what the journal names since the state before.
func (r *Replica) advance(ctx context.Context, tx pgx.Tx, before *State, version string, lookAtCatalog bool) error {
	news, err := readJournal(ctx, tx, before.Version)
	if err != nil {
		return err
	}
	next := &State{Version: version, Catalog: before.Catalog, Layers: maps.Clone(before.Layers), Loaded: time.Now()}
	change := Change{Version: version}
	if news.catalog || lookAtCatalog {
		if err := r.takeCatalog(ctx, tx, next, &change, news.ids); err != nil {
			return err
		}
		r.catalogRead = time.Now()
	}
	change.Pasts = slices.Sorted(maps.Keys(news.pasts))
	for _, name := range slices.Sorted(maps.Keys(news.ids)) {
		collection, known := next.Layers[name]
		if !known {
			continue
		}
		updated, layerChange, err := r.refresh(ctx, tx, next.layer(name), collection, news.ids[name])
		if err != nil && (tx.Conn().IsClosed() || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			r.log.Error("a layer cannot be read and is not shown", "layer", name, "error", err)
			delete(next.Layers, name)
			r.catalogRead = time.Time{}
			change.Layers = append(change.Layers, LayerChange{Layer: name, Whole: true})
			continue
		}
		next.Layers[name] = updated
		if layerChange.Whole || len(layerChange.Touches) > 0 {
			change.Layers = append(change.Layers, layerChange)
		}
	}
	if len(change.Layers) == 0 && !change.Catalog && len(change.Pasts) == 0 {
		r.state.Store(next)
		return nil
	}
	r.publish(next, change)
	return nil
}

// readJournal collects the entries that the older snapshot did not see.
func readJournal(ctx context.Context, tx pgx.Tx, since string) (touched, error) {
	news := touched{ids: map[geo.LayerName][]int64{}, pasts: map[geo.LayerName]bool{}}
	rows, err := tx.Query(ctx, sql.Text("queries/journal_since.sql"), since)
	if err != nil {
		return news, lang.Errorf("replica: read the journal: %w", err)
	}
	var layer geo.LayerName
	var op string
	var ids []int64
	_, err = pgx.ForEachRow(rows, []any{&layer, &op, &ids}, func() error {
		if op == "catalog" {
			news.catalog = true
			return nil
		}
		if op == "purge" || op == "undo" {
			news.pasts[layer] = true
			return nil
		}
		news.ids[layer] = append(news.ids[layer], ids...)
		return nil
	})
	if err != nil {
		return news, lang.Errorf("replica: read the journal: %w", err)
	}
	return news, nil
}

// takeCatalog takes up new and altered layers and lets go of withdrawn ones. A
// layer that is read whole here needs no further look at its ids.
func (r *Replica) takeCatalog(ctx context.Context, tx pgx.Tx, next *State, change *Change,
	ids map[geo.LayerName][]int64) error {
	catalog, err := publicLayers(ctx, tx)
	if err != nil {
		return err
	}
	former := map[geo.LayerName]*geo.Layer{}
	for i := range next.Catalog {
		former[next.Catalog[i].Name] = &next.Catalog[i]
	}
	for i := range catalog {
		layer := &catalog[i]
		was := former[layer.Name]
		delete(former, layer.Name)
		_, shown := next.Layers[layer.Name]
		if shown && was != nil && sameDescription(was, layer) {
			continue
		}
		if err := r.takeLayer(ctx, tx, next, change, layer); err != nil {
			return err
		}
		delete(ids, layer.Name)
		_, shows := next.Layers[layer.Name]
		change.Catalog = change.Catalog || shown || shows
	}
	for name := range former {
		delete(next.Layers, name)
		change.Catalog = true
		change.Layers = append(change.Layers, LayerChange{Layer: name, Whole: true})
	}
	next.Catalog = catalog
	return nil
}

// refresh reads the features named, or the whole layer where that is less work.
// What the ledger no longer has is removed.
func (r *Replica) refresh(ctx context.Context, tx pgx.Tx, layer geo.Layer, c *index.Collection,
	ids []int64) (*index.Collection, LayerChange, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	change := LayerChange{Layer: layer.Name, IDs: len(ids)}
	if len(ids) > 1000 && len(ids) > c.Len()/2 {
		change.Whole = true
		updated, err := r.load(ctx, tx, layer)
		return updated, change, err
	}
	edit := c.Edit()
	missing := make(map[int64]struct{}, len(ids))
	for _, id := range ids {
		missing[id] = struct{}{}
	}
	shown := c.Layer()
	read := reader{fields: shown.Fields, dictionary: edit.Dictionary(),
		add: func(id int64, wkb []byte, values []index.Ref) error {
			delete(missing, id)
			return edit.Upsert(id, wkb, values)
		}}
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, ledger.SomeFeatures(shown), pgx.QueryResultFormats{pgx.BinaryFormatCode}, ids)
		if err != nil {
			return err
		}
		return read.all(rows)
	})
	if err != nil {
		return nil, change, lang.Errorf("refresh layer %q: %w", layer.Name, err)
	}
	r.report(layer.Name, read)
	for id := range missing {
		edit.Remove(id)
	}
	updated, touches := edit.Commit()
	change.Touches = touches
	return updated, change, nil
}

// layer is the description of a layer of the state's catalogue.
func (s *State) layer(name geo.LayerName) geo.Layer {
	for _, l := range s.Catalog {
		if l.Name == name {
			return l
		}
	}
	return geo.Layer{Name: name}
}
