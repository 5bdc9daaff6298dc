package format

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/geo"
)

func TestTheDataSetOfAnArchive(t *testing.T) {
	shape := []string{"成果/窨井.dbf", "成果/窨井.prj", "成果/窨井.SHP", "成果/窨井.shx", "说明.txt"}
	two := []string{"a/座椅.csv", "b/座椅.csv", "roads.geojson"}
	for _, c := range []struct {
		what, inside, want string
		members            []string
		fault              error
		says               string
	}{
		{what: "a shapefile beside a note", members: shape, want: "成果/窨井.SHP"},
		{what: "the note, when it is asked for", members: append(two, "点.txt"), inside: "点.txt", want: "点.txt"},
		{what: "a text alone", members: []string{"points.txt", "readme.md"}, want: "points.txt"},
		{what: "a packed GeoJSON", members: []string{"roads.geojson.gz"}, want: "roads.geojson.gz"},
		{what: "a geodatabase", members: []string{"x/city.gdb/a00000001.gdbtable", "x/city.gdb/gdb"},
			want: "x/city.gdb"},
		{what: "one of several by its path", members: two, inside: "a/座椅.csv", want: "a/座椅.csv"},
		{what: "one of several by its name", members: two, inside: "ROADS.geojson", want: "roads.geojson"},
		{what: "one of several without extension", members: two, inside: "roads", want: "roads.geojson"},
		{what: "a path without extension", members: two, inside: "b/座椅", want: "b/座椅.csv"},
		{what: "the table of one of several", members: []string{"a.gpkg", "b.gpkg"}, inside: "b.gpkg/roads",
			want: "b.gpkg"},
		{what: "the table of the only one", members: []string{"a.gpkg"}, inside: "roads", want: "a.gpkg"},
		{what: "several", members: two, fault: geo.ErrInvalid, says: "--inside"},
		{what: "a name that fits two", members: two, inside: "座椅", fault: geo.ErrInvalid,
			says: `"a/座椅.csv", "b/座椅.csv"`},
		{what: "a name that fits none", members: two, inside: "x", fault: geo.ErrNotFound, says: `"roads.geojson"`},
		{what: "nothing to read", members: []string{"a.pdf", "b.zip"}, fault: geo.ErrInvalid, says: `"a.pdf", "b.zip"`},
		{what: "nothing at all", fault: geo.ErrInvalid, says: "nothing"},
	} {
		got, err := dataset(c.members, c.inside)
		if got != c.want || !errors.Is(err, c.fault) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
	}
}

func TestALongListIsCut(t *testing.T) {
	var many []string
	for i := range 500 {
		many = append(many, strings.Repeat("长", i)+".csv")
	}
	_, err := dataset(many, "")
	if err == nil || !strings.Contains(err.Error(), "and 480 more") || len(err.Error()) > 3000 {
		t.Errorf("%v", err)
	}
}

func TestWhatRemainsForTheDataSet(t *testing.T) {
	for _, c := range [][3]string{
		{"a/b.gpkg", "a/b.gpkg/roads", "roads"},
		{"a/b.gpkg", "b.gpkg", ""},
		{"a/b.gpkg", "b", ""},
		{"a/b.gpkg", "roads", "roads"},
		{"a/b.gpkg", "", ""},
	} {
		if got := within(c[0], c[1]); got != c[2] {
			t.Errorf("of %q in %q remains %q, want %q", c[1], c[0], got, c[2])
		}
	}
}

func TestTheDataSetOfAFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"成果/窨井.shp", "成果/窨井.dbf", ".git/x.csv", ".DS_Store"} {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "dangling.csv")); err != nil {
		t.Fatal(err)
	}
	if got, err := folder(dir, ""); got != filepath.Join(dir, "成果", "窨井.shp") || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := folder(filepath.Join(dir, "x.gdb"), ""); got != filepath.Join(dir, "x.gdb") || err != nil {
		t.Errorf("a geodatabase: %q, %v", got, err)
	}
	if _, err := folder(filepath.Join(dir, "none"), ""); !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
}
