package server

import (
	"net/http"
	"slices"

	"yizhan/internal/tileserve"

	"github.com/go-chi/chi/v5"
)

// The addresses of OGC API - Tiles (OGC 20-057) are below this one.
const ogcRoot = "/ogc"

// link leads from one document to another (OGC 19-072, 7.5; RFC 8288).
type link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// Relations that have no short name.
const (
	relConformance = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
	relData        = "http://www.opengis.net/def/rel/ogc/1.0/data"
	relSchemes     = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
	relScheme      = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
	relTilesets    = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"

	jsonType    = "application/json"
	openAPIType = "application/vnd.oai.openapi+json;version=3.0"
)

// conformance lists the conformance classes; a test asks for each.
var conformance = []string{
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
}

// ogcRoutes are the documents of the standard, and the same tiles as below /tiles.
type ogcRoutes struct{ *tileRoutes }

// routeOGC is the addresses below /ogc.
func (o *ogcRoutes) routeOGC(r chi.Router) {
	r.Get("/", o.answer(o.document(ogcLanding)))
	r.Get("/conformance", o.answer(o.document(ogcConformance)))
	r.Get("/api", o.answer(o.document(ogcAPI)))
	r.Get("/tileMatrixSets", o.answer(o.document(ogcMatrixSets)))
	r.Get("/tileMatrixSets/{set}", o.answer(o.document(ogcMatrixSet)))
	r.Get("/collections", o.answer(o.document(ogcCollections)))
	r.Get("/collections/{layer}", o.answer(o.document(ogcCollection)))
	r.Get("/collections/{layer}/tiles", o.answer(o.document(ogcTilesets)))
	r.Get("/collections/{layer}/tiles/{set}", o.answer(o.document(ogcTileset)))
	r.Get("/tiles", o.answer(o.document(ogcTilesets)))
	r.Get("/tiles/{set}", o.answer(o.document(ogcTileset)))
	r.With(o.notOlder).Get("/collections/{layer}/tiles/{set}/{z}/{row}/{col}", o.answer(o.ogcTile))
	r.With(o.notOlder).Get("/tiles/{set}/{z}/{row}/{col}", o.answer(o.ogcTile))
}

// ogcRequest is what the documents are made from.
type ogcRequest struct {
	root   string // with scheme and host
	set    string // the tile matrix set asked for
	one    bool   // a single collection is asked for
	layers []layerView
}

// document answers with what make returns, always as JSON.
func (o *ogcRoutes) document(make func(ogcRequest) (any, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := onlyParameters(r, "f"); err != nil {
			return err
		}
		if f := r.URL.Query().Get("f"); f != "" && f != "json" && f != jsonType {
			return errNotJSON
		}
		state, err := o.state(w)
		if err != nil {
			return err
		}
		asked := ogcRequest{root: origin(r) + ogcRoot, set: chi.URLParam(r, "set")}
		for _, l := range state.Catalog {
			if c, shown := state.Layers[l.Name]; shown {
				asked.layers = append(asked.layers, viewLayer(l, c))
			}
		}
		if name := chi.URLParam(r, "layer"); name != "" {
			if _, err := tileserve.Choose(state, name); err != nil {
				return err
			}
			asked.one = true
			asked.layers = slices.DeleteFunc(asked.layers, func(v layerView) bool { return string(v.Name) != name })
			if len(asked.layers) == 0 { // a list of several is not a collection
				return noRouteTo(name)
			}
		}
		body, err := make(asked)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-cache")
		writeJSON(w, http.StatusOK, body)
		return nil
	}
}

func ogcLanding(a ogcRequest) (any, error) {
	return map[string]any{
		"title": "驿站 Yizhan", "description": "城市管理数据 | Live data of a city",
		"links": []link{
			{Href: a.root + "/", Rel: "self", Type: jsonType},
			{Href: a.root + "/api", Rel: "service-desc", Type: openAPIType, Title: "OpenAPI"},
			{Href: a.root + "/conformance", Rel: "conformance", Type: jsonType},
			{Href: a.root + "/conformance", Rel: relConformance, Type: jsonType},
			{Href: a.root + "/collections", Rel: "data", Type: jsonType},
			{Href: a.root + "/collections", Rel: relData, Type: jsonType},
			{Href: a.root + "/tiles", Rel: relTilesets, Type: jsonType, Title: "所有图层 | All layers"},
			{Href: a.root + "/tileMatrixSets", Rel: relSchemes, Type: jsonType},
		},
	}, nil
}

func ogcConformance(ogcRequest) (any, error) {
	return map[string]any{"conformsTo": conformance}, nil
}

// collection is a layer as OGC API - Common describes it (OGC 20-024, 8).
func collection(a ogcRequest, v layerView) map[string]any {
	at := a.root + "/collections/" + string(v.Name)
	described := map[string]any{
		"id": v.Name, "title": v.Title.String(), "description": v.Description.String(), "itemType": "feature",
		"dataType":            "vector",
		"minScaleDenominator": scaleDenominator(v.MaxZoom), "maxScaleDenominator": scaleDenominator(v.MinZoom),
		"crs": []string{wgs84CRS},
		"links": []link{
			{Href: at, Rel: "self", Type: jsonType},
			{Href: at + "/tiles", Rel: relTilesets, Type: jsonType},
		},
	}
	if v.Bounds != nil {
		described["extent"] = map[string]any{"spatial": map[string]any{"bbox": [][4]float64{*v.Bounds},
			"crs": wgs84CRS}}
	}
	return described
}

func ogcCollections(a ogcRequest) (any, error) {
	all := []map[string]any{}
	for _, v := range a.layers {
		all = append(all, collection(a, v))
	}
	return map[string]any{
		"collections": all, "numberMatched": len(all), "numberReturned": len(all),
		"links": []link{{Href: a.root + "/collections", Rel: "self", Type: jsonType}},
	}, nil
}

func ogcCollection(a ogcRequest) (any, error) { return collection(a, a.layers[0]), nil }
