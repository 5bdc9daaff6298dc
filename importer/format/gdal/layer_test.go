package gdal

import (
	"fmt"
	"strings"
	"testing"
)

func TestWhatOgrinfoSaysOfLayers(t *testing.T) {
	text := `INFO: Open of ` + "`a.gml'" + `
      using driver ` + "`GML'" + ` successful.

Layer name: 窨井: 新
Geometry: 3D Point
Feature Count: 12
Layer SRS WKT:
GEOGCS["WGS 84 ]",
    AUTHORITY["EPSG","4326"]]
Data axis to CRS axis mapping: 2,1
name: String (0.0)

Layer name: roads
Geometry: Multi Line String
Layer SRS WKT:
(unknown)

Layer name: several
Geometry (a): Point
SRS WKT (a):
GEOGCS["x"]
`
	want := `[{窨井: 新 3D Point 12 GEOGCS["WGS 84 ]",
    AUTHORITY["EPSG","4326"]]} {roads Multi Line String -1 } {several  -1 GEOGCS["x"]}]`
	layers := parseLayers(text)
	if got := fmt.Sprint(layers); got != want {
		t.Errorf("%s", got)
	}
	if got := fmt.Sprint(layers[0].kinds(), layers[1].kinds(), layers[2].kinds()); got != "[point] [line] []" {
		t.Errorf("kinds %s", got)
	}
}

func FuzzLayers(f *testing.F) {
	f.Add("Layer name: x\nGeometry: Point\nFeature Count: 1\nLayer SRS WKT:\nGEOGCS[\"x\"]\n")
	f.Add("Layer name: x\nLayer SRS WKT:\n" + strings.Repeat("[", 1000))
	f.Add("Layer name: \nFeature Count: 99999999999999999999\nSRS WKT (\"\n]")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range parseLayers(text) {
			if len(l.wkt) > systemBytes || !strings.Contains(text, l.wkt) {
				t.Errorf("%+v", l)
			}
		}
	})
}
