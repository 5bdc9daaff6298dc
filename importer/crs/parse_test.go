package crs

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"yizhan/geo"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ text, name string }{
		{"EPSG:4547", "EPSG:4547"},
		{" epsg:4547 ", "EPSG:4547"},
		{"4547", "EPSG:4547"},
		{"EPSG：4547", "EPSG:4547"},
		{"urn:ogc:def:crs:EPSG::4547", "EPSG:4547"},
		{"urn:ogc:def:crs:EPSG:9.9.1:4547", "EPSG:4547"},
		{"http://www.opengis.net/def/crs/EPSG/0/4547", "EPSG:4547"},
		{"https://www.opengis.net/def/crs/EPSG/0/4547", "EPSG:4547"},
		{"http://www.opengis.net/gml/srs/epsg.xml#4547", "EPSG:4547"},
		{"urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"},
		{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "EPSG:4326"},
		{"OGC:CRS84", "EPSG:4326"},
		{"wgs84", "EPSG:4326"},
		{"WGS-84", "EPSG:4326"},
		{"CGCS2000", "EPSG:4490"},
		{"国家2000", "EPSG:4490"},
		{"gcj02", "gcj02"},
		{"GCJ-02", "gcj02"},
		{"火星坐标", "gcj02"},
		{"bd09", "bd09"},
		{"BD-09", "bd09"},
		{"百度", "bd09"},
		{"900913", "EPSG:3857"},
		{"gk:112.5", "gk:112.5"},
		{"GK:112.50", "gk:112.5"},
		{"gk:112.5:38500000", "gk:112.5:38500000"},
		{"gk:114", "EPSG:4547"},          // the national one has a code
		{"gk:114:38500000", "EPSG:4526"}, // so has that with prefix
		{"EPSG:27700", "EPSG:27700"},     // left to PROJ
		{"+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=0 +y_0=0 +ellps=krass +units=m +no_defs",
			"+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=0 +y_0=0 +ellps=krass +units=m +no_defs"},
	} {
		s, err := Parse(test.text)
		if err != nil || s.Name != test.name {
			t.Errorf("%q is %q, want %q (%v)", test.text, s.Name, test.name, err)
			continue
		}
		if again, err := Parse(s.Name); err != nil || again != s {
			t.Errorf("%q is read again as %+v (%v), was %+v", s.Name, again, err, s)
		}
		if s.Title.ZH == "" || s.Title.EN == "" || s.EPSG == 0 && s.PROJ == "" && !s.Degrees {
			t.Errorf("%q has no title or nothing that places it: %+v", test.text, s)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", "auto", "mars", "EPSG:", "EPSG:1", "EPSG:4547x", "-4547", "9999999", "gk:", "gk:nan", "gk:inf", "gk:0x70",
		"gk:190", "gk:112.5:", "gk:112.5:1e300",
		"EPSG:4547\x00", "ESRI:102100", "+proj=tmerc +nadgrids=/etc/passwd", "+proj=pipeline +step",
		"+proj=tmerc +k=nan", "+init=epsg:4547",
		"+proj=tmerc +units=us-ft", strings.Repeat("4", 1<<20),
	} {
		s, err := Parse(text)
		if !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%.60q is %+v (%v)", text, s, err)
		} else if len(err.Error()) > 1000 || strings.Contains(err.Error(), "%!") {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	if _, err := Parse("mars"); err == nil || !strings.Contains(err.Error(), "EPSG:4547") ||
		!strings.Contains(err.Error(), "gk:112.5") {
		t.Errorf("no examples: %v", err)
	}
}

func TestOwnMeridianIsCGCS2000(t *testing.T) {
	s, err := Parse("gk:112.5")
	const want = "+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
	if err != nil || s.PROJ != want || s.Datum != CGCS2000 || s.EPSG != 0 || s.Degrees {
		t.Errorf("%+v (%v)", s, err)
	}
}

func TestGeographicSystemsAreInDegrees(t *testing.T) {
	for name, datum := range map[string]Datum{"4326": WGS84, "4490": CGCS2000, "4610": Xian80, "4214": Beijing54,
		"gcj02": GCJ02, "bd09": BD09, "4979": Other} {
		if s, err := Parse(name); err != nil || !s.Degrees || s.Datum != datum {
			t.Errorf("%s: %+v (%v)", name, s, err)
		}
	}
	for name, datum := range map[string]Datum{"3857": WGS84, "4547": CGCS2000, "2383": Xian80, "2435": Beijing54,
		"32649": WGS84, "27700": Other} {
		if s, err := Parse(name); err != nil || s.Degrees || s.Datum != datum {
			t.Errorf("%s: %+v (%v)", name, s, err)
		}
	}
}

// TestNationalGridsAreEPSGs compares all codes with the names that EPSG gives
// them (testdata/epsg_names.txt, from the registry as PROJ 9.1.1 has it).
func TestNationalGridsAreEPSGs(t *testing.T) {
	text, err := os.ReadFile("testdata/epsg_names.txt")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for line := range strings.Lines(string(text)) {
		var code int
		number, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if _, err := fmt.Sscan(number, &code); err != nil {
			t.Fatal(err)
		}
		_, known := nationalSystem(code)
		if !known {
			if !strings.HasPrefix(name, "KKJ") && !strings.HasPrefix(name, "South") &&
				!strings.HasPrefix(name, "Pulkovo") && !strings.HasPrefix(name, "RT90") {
				t.Errorf("EPSG:%d (%s) is not known", code, name)
			}
			continue
		}
		s := byCode(code)
		g, _ := gridOf(s)
		width, each := "", 6
		if strings.Contains(s.Title.EN, "3-degree") {
			width, each = "3-degree ", 3
		}
		want := fmt.Sprintf("%s / %sGauss-Kruger CM %gE", s.Datum, width, g.meridian)
		if g.easting > plain {
			zone := int(g.easting) / 1_000_000
			want = fmt.Sprintf("%s / %sGauss-Kruger zone %d", s.Datum, width, zone)
			if middle := float64(zone*each) - float64(each-3); g.meridian != middle {
				t.Errorf("EPSG:%d: zone %d has the central meridian %g", code, zone, g.meridian)
			}
		}
		if name != want {
			t.Errorf("EPSG:%d is %q, taken for %q", code, name, want)
		}
		compared++
	}
	if compared != 192 {
		t.Errorf("%d grids compared", compared)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"EPSG:4547", "urn:ogc:def:crs:EPSG::4547", "gk:112.5:38500000", "火星坐标",
		"+proj=tmerc +k=1", "OGC:CRS84", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			if !errors.Is(err, geo.ErrInvalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if again, err := Parse(s.Name); err != nil || again.Name != s.Name {
			t.Fatalf("%q is %q, which is read as %q (%v)", text, s.Name, again.Name, err)
		}
	})
}
