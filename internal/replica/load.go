package replica

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
)

// drawn returns the layer with only those fields that some tile carries: the
// replica holds nothing that it never shows.
func drawn(l geo.Layer) geo.Layer {
	var fields []geo.Field
	for _, f := range l.Fields {
		if f.MinZoom != nil {
			fields = append(fields, f)
		}
	}
	l.Fields = fields
	return l
}

// publicLayers reads the catalogue and leaves out layers and fields that are not public.
func publicLayers(ctx context.Context, tx pgx.Tx) ([]geo.Layer, error) {
	all, err := ledger.ReadLayers(ctx, tx)
	if err != nil {
		return nil, err
	}
	var public []geo.Layer
	for _, l := range all {
		if l.Privacy == geo.Public {
			l.Fields = slices.DeleteFunc(l.Fields, func(f geo.Field) bool { return f.Privacy == geo.Personal })
			public = append(public, l)
		}
	}
	return public, nil
}

// load reads one whole layer, under a savepoint, so that a layer that cannot be
// read does not affect the others.
func (r *Replica) load(ctx context.Context, tx pgx.Tx, layer geo.Layer) (*index.Collection, error) {
	shown := drawn(layer)
	b := index.NewBuilder(&shown, 0)
	read := reader{fields: shown.Fields, dictionary: b.Dictionary(), add: b.Add}
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, ledger.AllFeatures(&shown), pgx.QueryResultFormats{pgx.BinaryFormatCode})
		if err != nil {
			return err
		}
		return read.all(rows)
	})
	if err != nil {
		return nil, lang.Errorf("load layer %q: %w", layer.Name, err)
	}
	r.report(layer.Name, read)
	return b.Build(), nil
}

// report logs features whose geometry cannot be drawn; they are held without one.
func (r *Replica) report(layer geo.LayerName, read reader) {
	if read.unfit > 0 {
		r.log.Warn("features whose geometry cannot be drawn", "layer", layer, "count", read.unfit, "first_id",
			read.firstUnfit)
	}
}

// reader turns rows of the features statements into features.
type reader struct {
	fields     []geo.Field
	dictionary *index.Dictionary
	add        func(id int64, wkb []byte, values []index.Ref) error
	values     []index.Ref
	unfit      int   // features whose geometry could not be taken
	firstUnfit int64 // the id of the first of them
}

// all reads to the end of the rows and closes them.
func (r *reader) all(rows pgx.Rows) error {
	defer rows.Close()
	r.values = make([]index.Ref, len(r.fields))
	for rows.Next() {
		raw := rows.RawValues()
		id := int64(binary.BigEndian.Uint64(raw[0]))
		for i, f := range r.fields {
			r.values[i] = r.intern(f.Type, raw[2+i])
		}
		if err := r.add(id, raw[1], r.values); err != nil {
			if r.unfit++; r.unfit == 1 {
				r.firstUnfit = id
			}
			if err := r.add(id, nil, r.values); err != nil {
				return lang.Errorf("feature %d: %w", id, err)
			}
		}
	}
	return rows.Err()
}

// intern reads one value from its binary form: big-endian int8 and float8, one
// byte for bool, the bytes themselves for text; nil is null.
func (r *reader) intern(t geo.FieldType, raw []byte) index.Ref {
	if raw == nil {
		return 0
	}
	switch t {
	case geo.Integer:
		return r.dictionary.Int(int64(binary.BigEndian.Uint64(raw)))
	case geo.Number:
		return r.dictionary.Float(math.Float64frombits(binary.BigEndian.Uint64(raw)))
	case geo.Boolean:
		return r.dictionary.Bool(raw[0] != 0)
	default:
		return r.dictionary.Text(raw)
	}
}

// sameDescription reports whether two descriptions of a layer are equal in every detail.
func sameDescription(a, b *geo.Layer) bool {
	if a.Schema != b.Schema || a.Table != b.Table || a.IDColumn != b.IDColumn || a.GeomColumn != b.GeomColumn {
		return false
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
