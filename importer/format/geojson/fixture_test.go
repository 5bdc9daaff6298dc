package geojson

import "strings"

// feature is a point with a name and the further properties.
func feature(code, more string) string {
	return `{"type":"Feature","properties":{"code":"` + code + `","name":"站"` + more +
		`},"geometry":{"type":"Point","coordinates":[112.5,33]}}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}
