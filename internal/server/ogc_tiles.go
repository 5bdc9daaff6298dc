package server

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// WebMercatorQuad (OGC 17-083r4, annex D.1): the pyramid that all tiles are of.
const (
	matrixSet    = "WebMercatorQuad"
	matrixSetURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	matrixSetCRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
	wgs84CRS     = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

	worldEdge = 20037508.342789244 // metres from the middle of the world to its edge
	pixelSize = 0.00028            // metres, of the standard's display
	tileWidth = 256                // pixels
)

// cellSize is metres of the projection in a pixel of a zoom.
func cellSize(z int) float64 { return 2 * worldEdge / tileWidth / math.Exp2(float64(z)) }

func scaleDenominator(z int) float64 { return cellSize(z) / pixelSize }

var errNotJSON = lang.Errorf("only JSON is available here; use f=json or omit f: %w", geo.ErrInvalid)

func noRouteTo(name string) error {
	return lang.Errorf("%.60q not found: %w", name, geo.ErrNotFound)
}

// onlyQuad refuses every other tile matrix set.
func onlyQuad(set string) error {
	if set != matrixSet {
		return lang.Errorf("tile matrix set %.60q not found; tiles are available in %s: %w", set, matrixSet,
			geo.ErrNotFound)
	}
	return nil
}

func ogcMatrixSets(a ogcRequest) (any, error) {
	at := a.root + "/tileMatrixSets/" + matrixSet
	return map[string]any{"tileMatrixSets": []map[string]any{{
		"id": matrixSet, "title": "Google Maps Compatible for the World", "uri": matrixSetURI, "crs": matrixSetCRS,
		"links": []link{{Href: at, Rel: "self", Type: jsonType}},
	}}}, nil
}

func ogcMatrixSet(a ogcRequest) (any, error) {
	if err := onlyQuad(a.set); err != nil {
		return nil, err
	}
	var matrices []map[string]any
	for z := range geo.MaxZoom + 1 {
		matrices = append(matrices, map[string]any{
			"id": strconv.Itoa(z), "scaleDenominator": scaleDenominator(z), "cellSize": cellSize(z),
			"cornerOfOrigin": "topLeft",
			"pointOfOrigin":  [2]float64{-worldEdge, worldEdge}, "tileWidth": tileWidth, "tileHeight": tileWidth,
			"matrixWidth": 1 << z, "matrixHeight": 1 << z,
		})
	}
	return map[string]any{
		"id": matrixSet, "title": "Google Maps Compatible for the World", "uri": matrixSetURI, "crs": matrixSetCRS,
		"orderedAxes":       []string{"X", "Y"},
		"wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
		"tileMatrices":      matrices,
	}, nil
}

// tilesOf is the address of the tilesets of the collection asked for, or of all.
func tilesOf(a ogcRequest) string {
	if a.one {
		return a.root + "/collections/" + string(a.layers[0].Name) + "/tiles"
	}
	return a.root + "/tiles"
}

func ogcTilesets(a ogcRequest) (any, error) {
	at := tilesOf(a)
	return map[string]any{
		"links": []link{{Href: at, Rel: "self", Type: jsonType}},
		"tilesets": []map[string]any{{
			"title": titleOf(a), "dataType": "vector", "crs": matrixSetCRS, "tileMatrixSetURI": matrixSetURI,
			"links": tilesetLinks(a),
		}},
	}, nil
}

func titleOf(a ogcRequest) string {
	if a.one {
		return a.layers[0].Title.String()
	}
	return "所有图层 | All layers"
}

func tilesetLinks(a ogcRequest) []link {
	at := tilesOf(a) + "/" + matrixSet
	return []link{
		{Href: at, Rel: "self", Type: jsonType},
		{Href: a.root + "/tileMatrixSets/" + matrixSet, Rel: relScheme, Type: jsonType},
		{Href: at + "/{tileMatrix}/{tileRow}/{tileCol}", Rel: "item", Type: tileType, Templated: true},
	}
}

// ogcTileset is a tileset's metadata (OGC 17-083r4, annex B; 20-057, 8).
func ogcTileset(a ogcRequest) (any, error) {
	if err := onlyQuad(a.set); err != nil {
		return nil, err
	}
	from, to := geo.MaxZoom, 0
	layers := []map[string]any{}
	var bounds *[4]float64
	for _, v := range a.layers {
		from, to = min(from, v.MinZoom), max(to, min(v.MaxZoom, geo.MaxZoom))
		layers = append(layers, geodata(v))
		if v.Bounds != nil {
			bounds = around(bounds, v.Bounds)
		}
	}
	described := map[string]any{
		"title": titleOf(a), "dataType": "vector", "crs": matrixSetCRS, "tileMatrixSetURI": matrixSetURI,
		"layers": layers, "links": tilesetLinks(a), "attribution": "驿站 Yizhan",
	}
	if bounds != nil {
		described["boundingBox"] = map[string]any{"lowerLeft": bounds[:2], "upperRight": bounds[2:], "crs": wgs84CRS}
		limits, err := matrixLimits(*bounds, from, to)
		if err != nil {
			return nil, err
		}
		described["tileMatrixSetLimits"] = limits
	}
	return described, nil
}

// geodata is a layer of a tileset.
func geodata(v layerView) map[string]any {
	dimension := map[geo.Kind]int{geo.Point: 0, geo.Line: 1, geo.Polygon: 2}[v.Kind]
	properties := map[string]any{}
	for _, f := range v.Fields {
		if f.MinZoom != nil {
			properties[f.Name] = schemaOf(f)
		}
	}
	return map[string]any{
		"id": v.Name, "title": v.Title.String(), "dataType": "vector", "geometryDimension": dimension,
		"minTileMatrix": strconv.Itoa(v.MinZoom), "maxTileMatrix": strconv.Itoa(min(v.MaxZoom, geo.MaxZoom)),
		"propertiesSchema": map[string]any{"type": "object", "properties": properties},
	}
}

// schemaOf is a field as JSON Schema has it.
func schemaOf(f geo.Field) map[string]any {
	schema := map[string]any{"title": f.Title.String(), "type": "string"}
	switch f.Type {
	case geo.Integer, geo.Number, geo.Boolean:
		schema["type"] = string(f.Type)
	case geo.Date:
		schema["format"] = "date"
	case geo.Time:
		schema["format"] = "date-time"
	}
	return schema
}

func around(a, b *[4]float64) *[4]float64 {
	if a == nil {
		both := *b
		return &both
	}
	return &[4]float64{min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])}
}

// matrixLimits is which tiles of each zoom the bounds touch.
func matrixLimits(bounds [4]float64, from, to int) ([]map[string]any, error) {
	northWest, err := geo.Project(bounds[0], bounds[3])
	if err != nil {
		return nil, err
	}
	southEast, err := geo.Project(bounds[2], bounds[1])
	if err != nil {
		return nil, err
	}
	var limits []map[string]any
	for z := from; z <= to; z++ {
		limits = append(limits, map[string]any{
			"tileMatrix": strconv.Itoa(z),
			"minTileCol": northWest.X() >> (32 - z), "maxTileCol": southEast.X() >> (32 - z),
			"minTileRow": northWest.Y() >> (32 - z), "maxTileRow": southEast.Y() >> (32 - z),
		})
	}
	return limits, nil
}

// ogcTile is the same tile as below /tiles, by the standard's address: row before
// column, and the layers by collections=.
func (o *ogcRoutes) ogcTile(w http.ResponseWriter, r *http.Request) error {
	if err := onlyQuad(chi.URLParam(r, "set")); err != nil {
		return err
	}
	z, row, column := chi.URLParam(r, "z"), chi.URLParam(r, "row"), chi.URLParam(r, "col")
	at, err := geo.ParseTile(z, column, row)
	if err != nil { // an address outside the pyramid is not a resource (OGC 20-057, 7.1.3)
		return lang.Errorf("tile %.40q/%.40q/%.40q is outside %s: %w", z, row, column, matrixSet, geo.ErrNotFound)
	}
	query := r.URL.Query()
	if f := query.Get("f"); f != "" && f != "mvt" && f != tileType {
		return lang.Errorf("only Mapbox vector tiles are available here; use f=mvt or omit f: %w", geo.ErrInvalid)
	}
	query.Del("f")
	layers := chi.URLParam(r, "layer")
	if layers == "" {
		layers = query.Get("collections")
		query.Del("collections")
	}
	if layers == "" {
		state, err := o.replica.Ready()
		if err != nil {
			return err
		}
		layers = strings.Join(shownNames(state), ",")
	}
	asked, err := o.service.Ask(layers, query)
	if err != nil {
		return err
	}
	return o.answerTile(w, r, asked, at)
}
