package merge_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// place is a county seat as the truth has it: degrees of WGS 84.
type place struct {
	adcode, name string
	lon, lat     float64
}

// shared is the path of a file of the folder of open data, which is found upwards of the test.
func shared(t *testing.T, name string) string {
	t.Helper()
	for dir := "../../.."; len(dir) < 40; dir += "/.." {
		path := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skipf("SKIPPED, NOT TESTED: no shared/data/%s beside the repository", name)
	panic("unreachable")
}

// truth are the fifteen seats.
func truth(t *testing.T) []place {
	t.Helper()
	text, err := os.ReadFile(shared(t, "nanyang/nanyang_seats.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			Properties struct {
				Adcode string
				Name   string `json:"name_zh"`
			}
			Geometry struct{ Coordinates [2]float64 }
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var seats []place
	for _, f := range file.Features {
		seats = append(seats, place{f.Properties.Adcode, f.Properties.Name, f.Geometry.Coordinates[0],
			f.Geometry.Coordinates[1]})
	}
	if len(seats) != 15 {
		t.Fatalf("the truth has %d seats", len(seats))
	}
	return seats
}

// seats is a ledger with an empty layer «seat» and the truth beside it. Two of the
// seats share their division code, so that the name is the key.
func seats(t *testing.T) (*bureau, *pgx.Conn, []place) {
	t.Helper()
	known := truth(t)
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"create table city.seat (gid bigint generated always as identity primary key, adcode text not null, name "+
			"text not null, geom geometry(Point, 4326) not null)",
		"select catalog.publish('city.seat', key_column => 'name')",
		"create table public.truth (adcode text, name text primary key, geom geometry(Point, 4326) not null)")
	for _, p := range known {
		if _, err := conn.Exec(context.Background(),
			"insert into public.truth values ($1, $2, st_setsrid(st_point($3, $4), 4326))", p.adcode, p.name, p.lon,
			p.lat); err != nil {
			t.Fatal(err)
		}
	}
	return s, conn, known
}

// take imports a file by its path.
func take(t *testing.T, s *bureau, layer geo.LayerName, path string, read format.Options,
	o merge.Options) (*importer.Report, error) {
	t.Helper()
	file, err := format.Open(context.Background(), path, read)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	o.Actor = "surveyor"
	return s.Import(context.Background(), layer, file, o)
}

// landed checks that the layer has all seats of the truth within a metre and with their codes.
func landed(t *testing.T, conn *pgx.Conn, want int) {
	t.Helper()
	got := pgtest.Value(t, conn, `select format('%s seats, %s within 1 m, %s by code', count(*),
		count(*) filter (where st_distance(seat.geom::geography, truth.geom::geography) < 1), count(*) filter (where seat.adcode = truth.adcode))
		from city.seat join public.truth using (name)`)
	if whole := fmt.Sprintf("%[1]d seats, %[1]d within 1 m, %[1]d by code", want); got != whole ||
		pgtest.Value(t, conn, "select count(*) from city.seat") != fmt.Sprint(want) {
		t.Errorf("got %s, want %s; farthest %s m", got, whole,
			pgtest.Value(t, conn,
				"select max(st_distance(seat.geom::geography, truth.geom::geography)) from city.seat join "+
					"public.truth using (name)"))
	}
}

// asked is the question that an import ends in.
func asked(t *testing.T, err error, says ...string) *crs.Question {
	t.Helper()
	var question *crs.Question
	if !errors.As(err, &question) || !errors.Is(err, geo.ErrInvalid) {
		t.Fatalf("got %v, want a question", err)
	}
	label := question.Label()
	if label.ZH == "" || label.EN == "" {
		t.Errorf("the question is not in both languages: %+v", label)
	}
	for _, word := range says {
		if !strings.Contains(label.ZH, word) || !strings.Contains(label.EN, word) {
			t.Errorf("the question does not say %q:\n%s\n%s", word, label.ZH, label.EN)
		}
	}
	return question
}

// says checks that the report says something in both languages.
func says(t *testing.T, r *importer.Report, words ...string) {
	t.Helper()
	for _, language := range []string{"zh", "en"} {
		for _, word := range words {
			if text := r.Text(lang.Tag(language)); !strings.Contains(text, word) {
				t.Errorf("the report does not say %q:\n%s", word, text)
			}
		}
	}
}

func TestMessyFilesLandOnTheTruth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		crs        string
		charset    string
		fields     bool // its fields have names of their own
		says       []string
	}{
		{"Chinese shapefile without .prj and .cpg in zone 38", "messy/seats_gbk_noprj_zone38.shp", "", "GB", true,
			[]string{"EPSG:4526", "38"}},
		{"UTF-8 shapefile that says 114° and cuts a name in a character", "messy/seats_utf8_prj_cm114.shp", "", "UTF-8",
			true, []string{"EPSG:4547", ".prj", ".cpg"}},
		{"GeoJSON with latitude first", "messy/seats_axis_swapped.geojson", "", "UTF-8", false, []string{"EPSG:4326"}},
		{"GCJ-02 table in GB18030, with a hint", "messy/seats_gcj02_gbk.csv", "gcj02", "GB", true,
			[]string{"GCJ-02", "--crs"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn, _ := seats(t)
			report, err := take(t, s, "seat", shared(t, c.file), format.Options{},
				merge.Options{Settings: settings.Settings{CRS: said(c.crs)}})
			if err != nil {
				t.Fatal(err)
			}
			landed(t, conn, 15)
			if !strings.HasPrefix(report.Charset, c.charset) || report.CharsetBy.ZH == "" ||
				report.CharsetBy.EN == "" || report.SystemBy.ZH == "" || report.SystemBy.EN == "" {
				t.Errorf("the text is in %s (%v), coordinates by %v", report.Charset, report.CharsetBy, report.SystemBy)
			}
			says(t, report, append(c.says, report.Charset)...)
			filled := map[string]bool{}
			for _, to := range report.Mapped {
				filled[to.Column] = true
			}
			if c.fields && (!filled["adcode"] || !filled["name"]) {
				t.Errorf("the report does not say which fields filled adcode and name: %v", report.Mapped)
			}
			again, err := take(t, s, "seat", shared(t, c.file), format.Options{},
				merge.Options{Settings: settings.Settings{CRS: said(c.crs)}})
			if err != nil {
				t.Fatal(err)
			}
			if got := counts(again); got != "read 15, inserted 0, updated 0, unchanged 15" {
				t.Errorf("again: %s", got)
			}
		})
	}
}

func TestADivisionCodeAsTheKeyKeepsTheFirstSeat(t *testing.T) {
	t.Parallel()
	s, conn, _ := seats(t)
	pgtest.Exec(t, conn, "select catalog.publish('city.seat', key_column => 'adcode')")
	report, err := take(t, s, "seat", shared(t, "messy/seats_gbk_noprj_zone38.shp"), format.Options{}, merge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := tally(report); got != "read 15, inserted 14, updated 0, unchanged 0; 9 411321 duplicate_key" {
		t.Errorf("got %s", got)
	}
	landed(t, conn, 14)
}

func TestDegreesOfAnUnknownDatumAreAskedAbout(t *testing.T) {
	t.Parallel()
	s, conn, _ := seats(t)
	path := shared(t, "messy/seats_gcj02_gbk.csv")
	before := fixed(t, conn, "city.seat") + pgtest.Value(t, conn, batches)
	_, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
	question := asked(t, err, "--crs gcj02", "--crs wgs84", "--crs bd09")
	if len(question.Readings) != 3 {
		t.Errorf("%d readings", len(question.Readings))
	}
	if after := fixed(t, conn, "city.seat") + pgtest.Value(t, conn, batches); after != before {
		t.Errorf("something was left: %s, then %s", before, after)
	}
}

func TestTheSameKeysInTheLayerDecideTheDatum(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, crs string
		want      string // inserted 0, …
		warns     bool
	}{
		{"unsaid, the keys decide", "", "GCJ-02", false},
		{"claimed to be WGS 84, the keys warn", "EPSG:4326", "EPSG:4326", true},
		{"rightly said, nothing is warned of", "gcj02", "GCJ-02", false},
		{"claimed to be BD-09, the keys warn", "bd09", "BD-09", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn, _ := seats(t)
			pgtest.Exec(t, conn,
				"insert into city.seat (adcode, name, geom) select adcode, name, geom from public.truth")
			report, err := take(t, s, "seat", shared(t, "messy/seats_gcj02_gbk.csv"), format.Options{},
				merge.Options{Settings: settings.Settings{CRS: said(c.crs)}})
			if err != nil {
				t.Fatal(err)
			}
			if warned := len(report.Warnings) > 0; warned != c.warns {
				t.Errorf("warnings: %v", report.Warnings)
			}
			says(t, report, c.want)
			if c.warns {
				says(t, report, "gcj02")
				return
			}
			landed(t, conn, 15)
			if c.crs == "" && (!strings.Contains(report.SystemBy.EN, "same key") ||
				!strings.Contains(report.SystemBy.ZH, "编号相同")) {
				t.Errorf("decided by %v", report.SystemBy)
			}
		})
	}
}

// numbers are the seats in a system, as PROJ has it: easting and northing.
func numbers(t *testing.T, conn *pgx.Conn, seats []place, system any) [][2]float64 {
	t.Helper()
	to := "$3::int"
	if _, text := system.(string); text {
		to = "$3::text"
	}
	var list [][2]float64
	for _, p := range seats {
		var xy [2]float64
		if err := conn.QueryRow(context.Background(),
			"select st_x(g), st_y(g) from st_transform(st_setsrid(st_point($1, $2), 4326), "+to+") as g", p.lon, p.lat,
			system).Scan(&xy[0], &xy[1]); err != nil {
			t.Fatal(err)
		}
		list = append(list, xy)
	}
	return list
}

// table is a CSV of the seats under a heading, with two texts for each place.
func table(heading string, seats []place, texts func(i int) (string, string)) string {
	var b strings.Builder
	b.WriteString(heading + "\r\n")
	for i, p := range seats {
		x, y := texts(i)
		fmt.Fprintf(&b, "%d,%s,%s,%s,%s\r\n", i+1, p.name, p.adcode, x, y)
	}
	return b.String()
}

// metres are numbers as texts with millimetres, northing first where that is wanted.
func metres(list [][2]float64, northFirst bool) func(int) (string, string) {
	return func(i int) (string, string) {
		x, y := fmt.Sprintf("%.3f", list[i][0]), fmt.Sprintf("%.3f", list[i][1])
		if northFirst {
			return y, x
		}
		return x, y
	}
}

// written is a file of that name.
func written(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestProjectedNumbersDecideForThemselves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		srid       int
		northFirst bool
		heading    string
		says       string
	}{
		{"three degrees, 111°", 4546, false, "序号,名称,区划代码,X,Y", "111"},
		{"three degrees, 114°", 4547, false, "序号,名称,区划代码,x,y", "114"},
		{"three degrees with prefix 37", 4525, false, "序号,名称,区划代码,X,Y", "37"},
		{"three degrees with prefix 38", 4526, false, "序号,名称,区划代码,X,Y", "38"},
		{"six degrees, 111°", 4508, false, "序号,名称,区划代码,X,Y", "111"},
		{"six degrees with prefix 19", 4497, false, "序号,名称,区划代码,X,Y", "19"},
		{"Web Mercator", 3857, false, "序号,名称,区划代码,X,Y", "3857"},
		{"northing first with prefix", 4526, true, "序号,名称,区划代码,X,Y", "38"},
		{"northing first without prefix", 4547, true, "序号,名称,区划代码,X,Y", "114"},
		{"northing called X, as surveyors do", 4546, true, "序号,名称,区划代码,X坐标,Y坐标", "111"},
		{"easting called X", 4546, false, "序号,名称,区划代码,X坐标,Y坐标", "111"},
		{"units in the heading", 4547, true, "序号,名称,区划代码,X坐标(m),Y坐标(m)", "114"},
		{"Web Mercator, northing first", 3857, true, "序号,名称,区划代码,X,Y", "3857"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn, known := seats(t)
			path := written(t, "座位.csv",
				[]byte(table(c.heading, known, metres(numbers(t, conn, known, c.srid), c.northFirst))))
			report, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
			if err != nil {
				t.Fatal(err)
			}
			landed(t, conn, 15)
			says(t, report, c.says)
			if got := pgtest.Value(t, conn,
				"select concat_ws('/', crs, transformation is not null, format) from "+
					"journal.batch"); !strings.HasPrefix(got, "EPSG:") || !strings.Contains(got, "/t/") {
				t.Errorf("the ledger of imports has %s", got)
			}
		})
	}
}

func TestTwoZonesInOneFileAreAskedAbout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		one, other int
	}{
		{"without prefix", 4546, 4547}, {"with prefix", 4525, 4526}, {"degrees and metres", 4326, 4547},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn, known := seats(t)
			one, other := numbers(t, conn, known, c.one), numbers(t, conn, known, c.other)
			for i := range one {
				if i%2 == 1 {
					one[i] = other[i]
				}
			}
			path := written(t, "座位.csv", []byte(table("序号,名称,区划代码,X,Y", known, metres(one, false))))
			_, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
			asked(t, err, "--crs")
			if got := pgtest.Value(t, conn, "select count(*) from city.seat"); got != "0" {
				t.Errorf("%s seats were taken", got)
			}
		})
	}
}

func TestALocalGridIsAskedAboutAndTakenWithTheHint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		near float64 // degrees from the meridian
		says string
	}{{"all over the city", 9, "--crs"}, {"in its middle", 0.3, "--crs gk:112.5"}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn, known := seats(t)
			var some []place
			for _, p := range known {
				if p.lon > 112.5-c.near && p.lon < 112.5+c.near {
					some = append(some, p)
				}
			}
			list := numbers(t, conn, some,
				"+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs")
			path := written(t, "座位.csv", []byte(table("序号,名称,区划代码,X,Y", some, metres(list, true))))
			_, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
			asked(t, err, c.says)
			report, err := take(t, s, "seat", path, format.Options{},
				merge.Options{Settings: settings.Settings{CRS: said("gk:112.5")}})
			if err != nil {
				t.Fatal(err)
			}
			landed(t, conn, len(some))
			says(t, report, "112.5")
		})
	}
}

func TestAZipWithChineseNamesOfItsFiles(t *testing.T) {
	t.Parallel()
	s, conn, _ := seats(t)
	stem := strings.TrimSuffix(shared(t, "messy/seats_gbk_noprj_zone38.shp"), ".shp")
	path := filepath.Join(t.TempDir(), "县城.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(out)
	folder, err := simplifiedchinese.GBK.NewEncoder().String("南阳/县城座位")
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{".shp", ".shx", ".dbf"} {
		content, err := os.ReadFile(stem + suffix)
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.CreateHeader(&zip.FileHeader{Name: folder + suffix, NonUTF8: true, Method: zip.Deflate})
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	report, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	landed(t, conn, 15)
	says(t, report, "EPSG:4526")
}
