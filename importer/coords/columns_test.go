package coords

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/record"
)

func TestColumnsOfCoordinates(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		// Longitude and latitude.
		{"名称,经度,纬度", "x=1 y=2"}, {"lat,lon", "x=1 y=0"}, {"LNG,LAT", "x=0 y=1"}, {"Longitude,Latitude", "x=0 y=1"},
		{"东经,北纬", "x=0 y=1"}, {"ｌｏｎ, Lat ", "x=0 y=1"},
		{"GPS经度,GPS纬度", "x=0 y=1"}, {"中心经度,中心纬度", "x=0 y=1"}, {"经度(°),纬度（°）", "x=0 y=1"}, {"经度(E),纬度(N)", "x=0 y=1"},
		{"gps_lng,gps_lat", "x=0 y=1"}, {"long,lat", "x=0 y=1"}, {"JD,WD", "x=0 y=1"},
		{"lng_gcj02,lat_gcj02", "x=0 y=1 gcj02"}, {"经度_bd09,纬度_bd09", "x=0 y=1 bd09"}, {"百度经度,百度纬度", "x=0 y=1 bd09"},
		{"经度（WGS84）,纬度（WGS84）", "x=0 y=1 wgs84"}, {"高德经度,高德纬度", "x=0 y=1 gcj02"},
		{"经度_gcj02,纬度_gcj02,经度,纬度", "x=2 y=3"}, {"lng_gcj02,lat_gcj02,lng_wgs84,lat_wgs84", "x=2 y=3 wgs84"},
		// Chinese surveying: X is north.
		{"点号,X坐标,Y坐标", "x=2 y=1"}, {"纵坐标,横坐标", "x=1 y=0"}, {"北坐标,东坐标", "x=1 y=0"}, {"纵坐标X(m),横坐标Y(m)", "x=1 y=0"},
		{"X(北),Y(东)", "x=1 y=0"}, {"坐标X,坐标Y", "x=1 y=0"}, {"easting,northing", "x=0 y=1"}, {"N,E", "x=1 y=0"},
		// X and Y alone: x first, the numbers decide.
		{"x,y", "x=0 y=1"}, {"Y,X", "x=1 y=0"}, {"POINT_X,POINT_Y", "x=0 y=1"},
		{"X(CGCS2000),Y(CGCS2000)", "x=0 y=1 cgcs2000"}, {"X (m),Y (m)", "x=0 y=1"},
		{"x_epsg4547,y_epsg4547", "x=0 y=1 EPSG:4547"}, {"中心x,中心y", "x=0 y=1"},
		// Both in one column.
		{"名称,经纬度", "both=1 north=false"}, {"坐标", "both=0 north=false"}, {"GPS坐标,坐标系", "both=0 north=false"},
		{"location", "both=0 north=false"}, {"latlng", "both=0 north=true"}, {"坐标(经度、纬度)", "both=0 north=false"},
		// Well-known text before all others.
		{"经度,纬度,WKT", "wkt=2"}, {"the_geom", "wkt=0"}, {"几何,名称", "wkt=0"}, {"图形", "wkt=0"}, {"geom,wkt", "wkt=1"},
		// Better columns than X and Y, or than one that could be a place's name.
		{"x,y,lon,lat", "x=2 y=3"}, {"location,lon,lat", "x=1 y=2"},
		// None.
		{"名称,数量", "no coordinate columns"}, {"经度", "no coordinate columns"}, {"坐标系,坐标来源", "no coordinate columns"},
		{"long,width", "no coordinate columns"}, {"", "no coordinate columns"},
		{"起点经度,起点纬度,终点经度,终点纬度", "several columns"}, {"lng_gcj02,lat_bd09", "different coordinate systems"},
		{"lng_gcj02,lat_gcj02,lng_bd09,lat_bd09", "several columns"},
	} {
		p, err := Find(strings.Split(c.names, ","), record.Options{})
		if strings.Contains(c.want, " columns") || strings.Contains(c.want, "systems") {
			if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %+v, %v; want %s", c.names, p, err, c.want)
			}
			continue
		}
		got := fmt.Sprintf("x=%d y=%d", p.x, p.y)
		switch {
		case p.WKT >= 0:
			got = fmt.Sprintf("wkt=%d", p.WKT)
		case p.both >= 0:
			got = fmt.Sprintf("both=%d north=%t", p.both, p.north)
		}
		if p.Said.Text != "" {
			got += " " + p.Said.Text
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.names, got, c.want, err)
		}
	}
}

func TestColumnsThatThePlannerNames(t *testing.T) {
	names := []string{"a", "东 (m)", "北", "text"}
	if p, err := Find(names, record.Options{X: "东 （M）", Y: "北"}); err != nil || p.x != 1 || p.y != 2 {
		t.Error(p, err)
	}
	if p, err := Find(names, record.Options{X: "text", Y: "text"}); err != nil || p.both != 3 {
		t.Error(p, err)
	}
	if p, err := Find(names, record.Options{WKT: "text"}); err != nil || p.WKT != 3 {
		t.Error(p, err)
	}
	if _, err := Find(names, record.Options{WKT: "text", X: "a", Y: "a"}); !errors.Is(err, geo.ErrInvalid) {
		t.Error(err)
	}
}

func TestTwoCoordinatesInOneCell(t *testing.T) {
	for _, c := range []struct {
		cell  string
		north bool
		want  string
	}{
		{"112.5,32.9", false, "[112.5 32.9]"}, {"112.5, 32.9", false, "[112.5 32.9]"},
		{"32.9,112.5", true, "[112.5 32.9]"}, {"(112.5；32.9)", false, "[112.5 32.9]"},
		{"112.5 32.9", false, "[112.5 32.9]"}, {"【112.5、32.9】", false, "[112.5 32.9]"},
		{"N32.9,E112.5", false, "[112.5 32.9]"}, {"东经112°30′，北纬32°54′", true, "[112.5 32.9]"},
		{"POINT(112.5 32.9)", false, "[112.5 32.9]"},
		{"112.5", false, string(record.BadCoordinates)}, {"112.5,", false, string(record.BadCoordinates)},
		{"1,2,3", false, string(record.BadCoordinates)}, {"镇平,南阳", false, string(record.BadCoordinates)},
		{"(", false, string(record.BadCoordinates)}, {" ", false, string(record.NoGeometry)},
	} {
		p := Columns{x: -1, y: -1, WKT: -1, both: 0, names: []string{"坐标"}, north: c.north}
		var s record.Shape
		got := ""
		if fault := p.Shape([][]byte{[]byte(c.cell)}, &s, 10); fault != nil {
			got = string(fault.Reason)
		} else {
			got = fmt.Sprint(s.Coordinates)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.cell, got, c.want)
		}
	}
}

// Names of any bytes are read, and what is found lies within them.
func FuzzPlaces(f *testing.F) {
	for _, s := range []string{"经度,纬度", "x坐标,y坐标", "X(CGCS2000),Y", "((((,))))", "\xff,\x00", "经纬度"} {
		f.Add(s, "112.5,32.9")
	}
	f.Fuzz(func(t *testing.T, header, cell string) {
		names := strings.Split(header, ",")
		p, err := Find(names, record.Options{})
		if err != nil {
			return
		}
		for _, i := range p.Held() {
			if i >= len(names) {
				t.Fatalf("%q: column %d", header, i)
			}
		}
		cells := make([][]byte, len(names))
		for i := range cells {
			cells[i] = []byte(cell)
		}
		var s record.Shape
		if fault := p.Shape(cells, &s, 100); (fault == nil) != (s.Kind != "" && s.Vertices() > 0) {
			t.Errorf("%q: %+v and %s", cell, fault, shapeText(&s))
		}
	})
}
