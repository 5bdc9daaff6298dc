package server

import (
	"strconv"

	"yizhan/geo"
	"yizhan/internal/tileserve"
)

// ogcAPI is the definition of the addresses below /ogc (OpenAPI 3.0.3).
func ogcAPI(a ogcRequest) (any, error) {
	var names []string
	for _, v := range a.layers {
		names = append(names, string(v.Name))
	}
	layer := parameter("layer", "path", map[string]any{"type": "string", "enum": names})
	set := parameter("set", "path", map[string]any{"type": "string", "enum": []string{matrixSet}})
	address := []any{
		set, parameter("z", "path", map[string]any{"type": "integer", "minimum": 0, "maximum": geo.MaxZoom}),
		parameter("row", "path", map[string]any{"type": "integer", "minimum": 0}),
		parameter("col", "path", map[string]any{"type": "integer", "minimum": 0}),
	}
	text := map[string]any{"type": "string"}
	view := []any{parameter("at", "query", text)}
	for _, name := range tileserve.Parameters() {
		schema := text
		if name == "datum" {
			schema = map[string]any{"type": "string", "enum": []geo.Datum{geo.WGS84, geo.GCJ02, geo.BD09}}
		}
		view = append(view, parameter(name, "query", schema))
	}
	collections := parameter("collections", "query", map[string]any{"type": "array", "items": text})
	collections["style"], collections["explode"] = "form", false
	join := func(lists ...[]any) (all []any) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	return map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": "驿站 Yizhan: OGC API - Tiles", "version": "1.0"},
		"servers": []any{map[string]any{"url": a.root}},
		"paths": map[string]any{
			"/":                          operation("Landing page", jsonType),
			"/conformance":               operation("Conformance classes", jsonType),
			"/api":                       operation("This definition", openAPIType),
			"/tileMatrixSets":            operation("Tile matrix sets", jsonType),
			"/tileMatrixSets/{set}":      operation("A tile matrix set", jsonType, set),
			"/collections":               operation("The layers", jsonType),
			"/collections/{layer}":       operation("A layer", jsonType, layer),
			"/collections/{layer}/tiles": operation("Tilesets of a layer", jsonType, layer),
			"/tiles":                     operation("Tilesets of all layers", jsonType),
			"/tiles/{set}":               operation("The tileset of all layers", jsonType, set),
			"/tiles/{set}/{z}/{row}/{col}": operation("A tile of all layers, or of those named", tileType,
				join(address, []any{collections}, view)...),
			"/collections/{layer}/tiles/{set}": operation("The tileset of a layer", jsonType, layer, set),
			"/collections/{layer}/tiles/{set}/{z}/{row}/{col}": operation("A tile of a layer", tileType,
				join([]any{layer}, address, view)...),
		},
	}, nil
}

func parameter(name, in string, schema map[string]any) map[string]any {
	return map[string]any{"name": name, "in": in, "required": in == "path", "schema": schema}
}

// operation is a GET that answers with one type of document.
func operation(summary, media string, parameters ...any) map[string]any {
	content := map[string]any{media: map[string]any{"schema": map[string]any{"type": "object"}}}
	responses := map[string]any{"200": map[string]any{"description": summary, "content": content}}
	if media == tileType {
		content[media] = map[string]any{"schema": map[string]any{"type": "string", "format": "binary"}}
		responses["204"] = map[string]any{"description": "An empty tile"}
		responses["304"] = map[string]any{"description": "Unchanged"}
	}
	for status, why := range map[int]string{400: "A parameter is wrong", 404: "There is no such thing",
		503: "Not now; see Retry-After"} {
		responses[strconv.Itoa(status)] = map[string]any{"description": why}
	}
	get := map[string]any{"summary": summary, "responses": responses}
	if len(parameters) > 0 {
		get["parameters"] = parameters
	}
	return map[string]any{"get": get}
}
