package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// echoLimit is how long the answer to a request that is wrong may be.
const echoLimit = 2 << 10

// echoAttack is tried on a siege.
type echoAttack struct{ *siege }

// echoes sends what an answer should not repeat or should refuse: a NUL in a filter,
// which was answered with an empty tile, a path of 28 kB, which came back whole, and
// broken archives, whose messages named the service's folder.
func (s echoAttack) echoes(ctx context.Context) error {
	a, err := s.ask(ctx, "/tiles/manhole/14/13313/6599.mvt?filter=condition%20%3D%20'a%00b'")
	if err != nil {
		return err
	}
	s.report("a NUL inside a filter", "400", a.brief(), a.status == http.StatusBadRequest)
	longest := 0
	long := strings.Repeat("x", 28<<10)
	for _, path := range []string{"/" + long, "/" + strings.Repeat("a/", 14<<10), "/layers/" + long, "/tiles/" + long + "/1/1/1.mvt", "/tiles/" + long + ".json",
		"/styles/" + long + ".json", "/ask/" + long, "/ask/members_within?station=" + long, "/ask/members_within?" + long + "=1", "/changes?since=" + long,
		"/layers?" + long + "=1", "/ogc/collections/" + long, "/tiles/manhole/1/1/" + long + ".mvt", "/tiles/manhole/14/13313/6599.mvt?filter=" + long,
		"/tiles/manhole/14/13313/6599.mvt?columns=" + long, "/tiles/manhole/14/13313/6599.mvt?as_of=" + long, "/tiles/manhole/14/13313/6599.mvt?at=" + long} {
		a, err := s.ask(ctx, path)
		if err != nil {
			return fmt.Errorf("%.40s: %w", path, err)
		}
		longest = max(longest, len(a.body))
	}
	s.report("17 requests with 28 kB of nonsense in the path or the query", fmt.Sprintf("answers of at most %d bytes", echoLimit),
		fmt.Sprintf("the longest has %d bytes", longest), longest <= echoLimit)
	return errors.Join(s.sniffing(ctx), s.temporaryFolder(ctx))
}

// sniffing looks at every kind of answer for the header that keeps browsers from
// guessing what it is.
func (s echoAttack) sniffing(ctx context.Context) error {
	var without []string
	paths := []string{"/", "/layers", "/layers/station", "/layers/none", "/tiles/station/14/13313/6599.mvt", "/tiles/station/14/0/0.mvt", "/tiles/station.json",
		"/tiles/station/14/13313/6599/explain", "/styles/city.json", "/ogc", "/ogc/conformance", "/ask", "/ask/nearest_stations?lon=112.5&lat=33",
		"/ask/nearest_stations?lon=112.5&lat=33&format=csv", "/ask/none", "/changes?since=1", "/healthz", "/readyz", "/metrics", "/imports", "/batches", "/none/at/all"}
	for _, path := range paths {
		for range 2 { // the second time a tile lies finished
			a, err := s.ask(ctx, path)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			if a.header.Get("X-Content-Type-Options") != "nosniff" && !strings.Contains(strings.Join(without, " "), path) {
				without = append(without, path)
			}
		}
	}
	seen := "all have it"
	if len(without) > 0 {
		seen = fmt.Sprintf("%d lack it: %s", len(without), strings.Join(without, ", "))
	}
	s.report(fmt.Sprintf("X-Content-Type-Options on %d kinds of answers", len(paths)), "nosniff on each", seen, len(without) == 0)
	return nil
}

// temporaryFolder uploads files that cannot be read, and looks for the place where
// the service keeps them.
func (s echoAttack) temporaryFolder(ctx context.Context) error {
	archive, err := archiveOf(map[string]string{"a/b.shp": "not a shapefile", "a/b.dbf": "x", "c.gpkg": "SQLite format 3\x00broken"})
	if err != nil {
		return err
	}
	inner, err := archiveOf(map[string]string{"a.zip": "PK\x03\x04broken"})
	if err != nil {
		return err
	}
	var shown []string
	for name, content := range map[string][]byte{
		"broken.zip": []byte("PK\x03\x04broken"), "cut.zip": archive[:len(archive)/2], "layers.zip": archive, "nested.zip": inner,
		"broken.gpkg": []byte("SQLite format 3\x00broken"), "broken.xlsx": archive, "broken.shp": {0, 0, 0x27, 0x0a, 1, 2, 3},
		"broken.geojson": []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":`), "broken.csv": []byte("\xff\xfe\x00broken"),
		"broken.kml": []byte("<kml><Document><Placemark>"), "broken.gml": []byte("<gml>"), "broken.dxf": []byte("0\nSECTION\n2\n"), "broken.mif": []byte("Version 300"), "broken.dbf": []byte("\x03")} {
		a, err := s.upload(ctx, "station", name, content)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if text := string(a.body); strings.Contains(text, s.temporary()) || strings.Contains(text, "yizhan-uploads-") {
			shown = append(shown, fmt.Sprintf("%s (%s)", name, a.brief()))
		}
	}
	seen := "shown in none"
	if len(shown) > 0 {
		seen = "shown for " + strings.Join(shown, ", ")
	}
	s.report("14 uploads that cannot be read", "the service's temporary folder is shown in no answer", seen, len(shown) == 0)
	return nil
}

// archiveOf is a .zip of some files.
func archiveOf(files map[string]string) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(content)); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
