package crs

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"yizhan/geo"
)

const (
	geogcs2000 = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	geogcs1984 = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	geogcsKras = `GEOGCS["GCS_Krasovsky_1940",DATUM["D_Krasovsky_1940",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
)

// gk is a Gauss-Krueger definition as ESRI writes it.
func gk(name, base, easting, meridian, rest string) string {
	return `PROJCS["` + name + `",` + base + `,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",` + easting +
		`],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",` + meridian + `],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],` + rest + `]`
}

const metre = `UNIT["Meter",1.0]`

func TestFromWKT(t *testing.T) {
	for _, test := range []struct{ what, text, name string }{
		{"ESRI, no code", gk("CGCS2000_3_Degree_GK_CM_114E", geogcs2000, "500000.0", "114.0", metre), "EPSG:4547"},
		{"ESRI, zone prefix", gk("CGCS2000_3_Degree_GK_Zone_38", geogcs2000, "38500000.0", "114.0", metre),
			"EPSG:4526"},
		{"ESRI, 6 degrees, zone prefix", gk("CGCS2000_GK_Zone_19", geogcs2000, "19500000.0", "111.0", metre),
			"EPSG:4497"},
		{"a city's own meridian", gk("Nanyang_2000", geogcs2000, "500000.0", "112.5", metre), "gk:112.5"},
		{"a city's own meridian, own easting", gk("Nanyang_2000", geogcs2000, "50000", "112.5", metre),
			"gk:112.5:50000"},
		{"ESRI Xian 1980", gk("Xian_1980_3_Degree_GK_CM_114E",
			`GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`, "500000.0", "114.0", metre), "EPSG:2383"},
		{"ESRI Beijing 1954, zone prefix", gk("Beijing_1954_3_Degree_GK_Zone_38",
			strings.ReplaceAll(geogcsKras, "D_Krasovsky_1940", "D_Beijing_1954"), "38500000.0", "114.0", metre),
			"EPSG:2414"},
		{"Krasovsky alone", gk("Beijing54", geogcsKras, "500000.0", "114.0", metre), "EPSG:2435"},
		{"datum unknown, ellipsoid CGCS2000", gk("x",
			`GEOGCS["unnamed",DATUM["unknown",SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]`, "500000", "114", metre), "EPSG:4547"},
		{"small letters, blanks and round brackets", strings.NewReplacer("[", " ( ", "]", " ) ", ",",
			" ,\r\n\t").Replace(strings.ToLower(gk("x", geogcs2000, "500000", "114", metre))), "EPSG:4547"},
		{"the outermost code wins", gk("x", geogcs2000, "500000", "114", metre+`,AUTHORITY["EPSG","4546"]`),
			"EPSG:4546"},
		{"an ESRI code is passed over", gk("x", geogcs2000, "500000", "114", metre+`,AUTHORITY["ESRI","102100"]`),
			"EPSG:4547"},
		{"the datum known by code only", gk("x", `GEOGCS["unnamed",DATUM["x"],AUTHORITY["EPSG","4490"]]`, "500000",
			"114", metre), "EPSG:4547"},
		{"UTM", `PROJCS["WGS_1984_UTM_Zone_49N",` + geogcs1984 +
			`,PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`, "EPSG:32649"},
		{"web Mercator", `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + geogcs1984 +
			`,PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`, "EPSG:3857"},
		{"longitude and latitude", geogcs1984, "EPSG:4326"},
		{"longitude and latitude, CGCS2000", geogcs2000, "EPSG:4490"},
		{"with a vertical system behind", geogcs2000 +
			`,VERTCS["Yellow_Sea_1985",VDATUM["Yellow_Sea_1985"],UNIT["Meter",1.0]]`, "EPSG:4490"},
		{"compound", `COMPD_CS["x + height",` + gk("x", geogcs2000, "500000", "114", metre) +
			`,VERT_CS["h",VERT_DATUM["h",2005],UNIT["metre",1]],AUTHORITY["EPSG","9999"]]`, "EPSG:4547"},
		{"bound", `BOUNDCRS[SOURCECRS[` + geogcs2000 + `],TARGETCRS[` + geogcs1984 + `]]`, "EPSG:4490"},
		{"GCJ-02 in its name", strings.Replace(geogcs1984, "GCS_WGS_1984", "GCS_GCJ-02", 1), "gcj02"},
		{"BD-09 in its name", strings.Replace(geogcs1984, "D_WGS_1984", "D_BD_09", 1), "bd09"},
		{"BOM and NULs of a C program", "\ufeff" + geogcs1984 + "\x00\x00\r\n", "EPSG:4326"},
		{"quotes within quotes", strings.Replace(geogcs1984, "GCS_WGS_1984", `the ""true"" one]`, 1), "EPSG:4326"},
	} {
		s, err := FromWKT(test.text)
		if err != nil || s.Name != test.name {
			t.Errorf("%s: %q, want %q (%v)", test.what, s.Name, test.name, err)
		}
	}
}

func TestFromWKTWritesADefinitionWhereThereIsNoCode(t *testing.T) {
	s, err := FromWKT(gk("old grid", geogcsKras, "0", "112.5", metre))
	const want = "+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=0 +y_0=0 +ellps=krass +units=m +no_defs"
	if err != nil || s.PROJ != want || s.Datum != Beijing54 {
		t.Errorf("%+v (%v)", s, err)
	}
	if again, err := Parse(s.Name); err != nil || again.PROJ != want || Refuse(again) == nil {
		t.Errorf("its name is read as %+v (%v) and not refused", again, err)
	}
}

func TestFromWKTRefuses(t *testing.T) {
	for _, test := range []struct{ what, text, says string }{
		{"empty", "", "empty"},
		{"blank", " \n\x00", "empty"},
		{"no WKT", "EPSG:4547", "bracket"},
		{"cut off", strings.TrimSuffix(gk("x", geogcs2000, "500000", "114", metre), "]"), "not closed"},
		{"cut off in a name", `GEOGCS["GCS_`, "quotation"},
		{"rubbish behind", geogcs1984 + "}", "keyword"},
		{"no comma", `GEOGCS["x" "y"]`, "comma"},
		{"nested", strings.Repeat("A[", 100_000), "deep"},
		{"huge", strings.Repeat(" ", longestWKT+1), "longer"},
		{"feet", gk("x", geogcs2000, "500000", "114", `UNIT["Foot_US",0.3048006096012192]`), "metres"},
		{"gon", strings.Replace(geogcs1984, "0.0174532925199433", "0.01570796326794897", 1), "degrees"},
		{"Paris", strings.Replace(geogcs1984, `"Greenwich",0.0`, `"Paris",2.337229`, 1), "Greenwich"},
		{"a drawing's own system", `LOCAL_CS["x",UNIT["metre",1]]`, "LOCAL_CS"},
		{"an unknown datum", strings.NewReplacer("WGS_1984", "Mars").Replace(geogcs1984), "datum"},
		{"another projection", strings.Replace(gk("x", geogcs2000, "1", "2", metre), "Gauss_Kruger", "Krovak", 1),
			"Krovak"},
		{"no projection", `PROJCS["x",` + geogcs2000 + `]`, "projection"},
		{"no base", `PROJCS["x"]`, "geographic"},
		{"a meridian that is none", gk("x", geogcs2000, "500000", "NaN", metre), "number"},
		{"a meridian out of the world", gk("x", geogcs2000, "500000", "1e8", metre), "meridian"},
		{"projected GCJ-02", gk("GCJ02_GK", geogcs2000, "500000", "114", metre), "gcj02"},
	} {
		s, err := FromWKT(test.text)
		if !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: %+v (%v)", test.what, s, err)
		} else if !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "--crs") ||
			len(err.Error()) > 600 {
			t.Errorf("%s: %v", test.what, err)
		}
	}
}

// TestFromWKTReadsPROJsOwn reads definitions that PROJ 9.1.1 wrote, in four
// dialects, with their codes and with all codes taken out.
func TestFromWKTReadsPROJsOwn(t *testing.T) {
	text, err := os.ReadFile("testdata/definitions.txt")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`,(AUTHORITY|ID)\[[^\]]*\]`)
	n := 0
	for line := range strings.Lines(string(text)) {
		part := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		want, err := Parse(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if s, err := FromWKT(part[2]); err != nil || s.Name != want.Name && !equivalent(s, want) {
			t.Errorf("EPSG:%s, %s: %q (%v)", part[0], part[1], s.Name, err)
		}
		s, err := FromWKT(code.ReplaceAllString(part[2], ""))
		if err != nil || s.Datum != want.Datum || s.Degrees != want.Degrees || !equivalent(s, want) {
			t.Errorf("EPSG:%s, %s without code: %q (%v)", part[0], part[1], s.Name, err)
		}
		n++
	}
	if n < 90 {
		t.Errorf("%d definitions", n)
	}
}

func TestRealPRJ(t *testing.T) {
	s, err := FromWKT(string(shared(t, "messy/seats_utf8_prj_cm114.prj")))
	if err != nil || s.Name != "EPSG:4547" {
		t.Errorf("%+v (%v)", s, err)
	}
}

// shared is a file of the folder of open data beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../shared/data/" + name)
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no shared/data/%s beside the repository", name)
	}
	return text
}

func FuzzFromWKT(f *testing.F) {
	f.Add(geogcs1984)
	f.Add(gk("x", geogcs2000, "38500000", "114", metre))
	f.Add(`COMPD_CS["a",GEOGCS["b"],VERT_CS["c"]]`)
	f.Add(`PROJCRS["x",BASEGEOGCRS["y",DATUM["China 2000"]],CONVERSION["z",METHOD["Transverse Mercator"],PARAMETER["Longitude of natural origin",114,ANGLEUNIT["degree",0.017]]],CS[Cartesian,2],AXIS["e",east],LENGTHUNIT["metre",1]]`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := FromWKT(text)
		if err != nil {
			if !errors.Is(err, geo.ErrInvalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if _, err := Parse(s.Name); err != nil {
			t.Fatalf("%q is %q, which is not read: %v", text, s.Name, err)
		}
	})
}
