package merge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// columnsOf are the columns of a table and their types.
func columnsOf(t *testing.T, conn *pgx.Conn, table string) string {
	t.Helper()
	return pgtest.Value(t, conn, `select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
		from pg_attribute where attrelid = '`+table+`'::regclass and attnum > 0 and not attisdropped and attname not in ('gid', 'geom')`)
}

func TestLayersAreMadeFromOpenData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file    string
		kind          string
		key           string
		columns       []string
		counts, again string
	}{
		{"sidewalk grates", "dc/sidewalk-grates.geojson", "Point", "objectid",
			[]string{"objectid bigint", "featurecode bigint", "capturedate"},
			"read 10147, inserted 10147, updated 0, unchanged 0", "read 10147, inserted 0, updated 0, unchanged 10147"},
		{"major roads", "dc/major-roads.geojson", "MultiLineString", "", nil, "", ""},
		{"wards, whose shapes are large", "dc/ward-2012.geojson", "MultiPolygon", "objectid", []string{"ward bigint"},
			"read 8, inserted 8, updated 0, unchanged 0", "read 8, inserted 0, updated 0, unchanged 8"},
		{"places of Shanghai", "shanghai/shanghai_bund_pois.geojson", "Point", "", nil, "", ""},
		{"roads of New York, packed", "nyc/nyc_roads_osm_geofabrik.geojson.gz", "MultiLineString", "", nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			path := shared(t, c.file)
			report, err := take(t, s, "made", path, format.Options{},
				merge.Options{Settings: settings.Settings{Anywhere: new(true)},
					Create: &merge.NewLayer{Title: lang.Label{ZH: "新", EN: "New"}}})
			if err != nil {
				t.Fatal(err)
			}
			if got := pgtest.Value(t, conn,
				"select split_part(format_type(atttypid, atttypmod), ',', 1) from pg_attribute where attrelid = "+
					"'city.made'::regclass and attname = 'geom'"); got != "geometry("+c.kind {
				t.Errorf("the geometry is %s", got)
			}
			columns := columnsOf(t, conn, "city.made")
			for _, one := range c.columns {
				if !strings.Contains(columns, one) {
					t.Errorf("the columns are %s, without %s", columns, one)
				}
			}
			if report.Schema == nil || c.key != "" && report.Schema.Key != c.key {
				t.Errorf("the schema is %+v", report.Schema)
			}
			says(t, report, "made")
			if c.counts != "" && counts(report) != c.counts {
				t.Errorf("got  %s\nwant %s", counts(report), c.counts)
			}
			if report.Inserted+report.Rejected != report.Read || len(report.Unknown) != 0 {
				t.Errorf("not all of the file is in its own layer: %s, unknown %v", counts(report), report.Unknown)
			}
			t.Logf("%s\n%s", columns, report.Text("en"))
			again, err := take(t, s, "made", path, format.Options{},
				merge.Options{Settings: settings.Settings{Anywhere: new(true)}})
			if err != nil {
				t.Fatal(err)
			}
			if c.again != "" && counts(again) != c.again || again.Inserted+again.Updated != 0 {
				t.Errorf("again: %s", counts(again))
			}
			if got := pgtest.Value(t, conn,
				"select title_zh || title_en || (select count(*) from catalog.field where layer = 'made') from "+
					"catalog.layer where name = 'made'"); !strings.HasPrefix(got, "新New") {
				t.Errorf("the catalogue has %s", got)
			}
		})
	}
}

// feature is a point with properties.
func feature(properties string) string {
	return `{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"Point","coordinates":[112.5,33]}}`
}

func TestTypesOfAMadeLayer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		values  []string
		want    string // type of the column v
		written string // of the first
	}{
		{"whole numbers", []string{"1", "-5", "null", `"12"`}, "bigint", "1"},
		{"whole numbers, then a fraction at the end", []string{"1", "2", "2.5"}, "double precision", "1"},
		{"fractions", []string{"0.5", `"1.25"`}, "double precision", "0.5"},
		{"numbers, then a word at the end", []string{"1", "2", `"无"`}, "text", "1"},
		{"codes with leading zeros", []string{`"007"`, `"12"`}, "text", "007"},
		{"codes longer than numbers are kept exactly", []string{`"4113020001000123456"`, `"12"`}, "text",
			"4113020001000123456"},
		{"days", []string{`"2021-06-30"`, `"2021/6/3"`, "null"}, "date", "2021-06-30"},
		{"moments", []string{`"2021-06-30T08:00:00.000Z"`, `"2021-06-30T08:00:00.5+08:00"`}, "timestamp with time zone",
			"2021-06-30 08:00:00+00"},
		{"yes and no", []string{"true", "false"}, "boolean", "true"},
		{"yes and no in Chinese", []string{`"是"`, `"否"`}, "boolean", "true"},
		{"nothing at all", []string{"null", "null"}, "text", "null"},
		{"nested", []string{`{"a":[1]}`, `[2]`}, "text", `{"a":[1]}`},
		{"a large number", []string{"9223372036854775807"}, "", "9223372036854775807"},
		{"a number too large for an integer", []string{"1e20"}, "double precision", "1e+20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			pgtest.Exec(t, conn, "set timezone to 'UTC'")
			var features []string
			for i, v := range c.values {
				features = append(features, feature(fmt.Sprintf(`"id":%d,"v":%s`, i, v)))
			}
			report, err := bringSo(context.Background(), t, s, "made", collected(features...),
				merge.Options{Create: &merge.NewLayer{}})
			if err != nil {
				t.Fatal(err)
			}
			if report.Rejected != 0 || report.Schema.Key != "id" {
				t.Errorf("%s, key %q", tally(report), report.Schema.Key)
			}
			if got := columnsOf(t, conn, "city.made"); c.want != "" && got != "id bigint, v "+c.want {
				t.Errorf("the columns are %s", got)
			}
			if got := pgtest.Value(t, conn, "select v from city.made where id = 0"); got != c.written {
				t.Errorf("the first is %s", got)
			}
		})
	}
}

func TestALayerIsMadeWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	good := collected(feature(`"code":"A","v":1`), feature(`"code":"B","v":2`))
	for _, c := range []struct {
		name, layer, file string
		o                 merge.Options
		kind              error
		says              string
	}{
		{"a layer of that name", "station", good, merge.Options{}, geo.ErrConflict, "--layer station"},
		{"a table of that name", "hidden", good, merge.Options{}, geo.ErrConflict, "hidden"},
		{"a name that is none", "New Layer", good, merge.Options{}, geo.ErrInvalid, "a to z"},
		{"a name with a quote", `a"b`, good, merge.Options{}, geo.ErrInvalid, "a to z"},
		{"a name too long", strings.Repeat("a", 41), good, merge.Options{}, geo.ErrInvalid, "40"},
		{"no name", "", good, merge.Options{}, geo.ErrInvalid, "a to z"},
		{"a key that is not there", "made", good, merge.Options{Create: &merge.NewLayer{Key: "cod"}}, geo.ErrInvalid,
			`"code"`},
		{"a file without features", "made", collected(), merge.Options{}, geo.ErrInvalid, "no usable geometry"},
		{"points and lines", "made", collected(feature(`"a":1`),
			strings.Replace(feature(`"a":1`), `"Point","coordinates":[112.5,33]`,
				`"LineString","coordinates":[[112.5,33],[112.6,33]]`, 1)), merge.Options{}, geo.ErrInvalid,
			"1 points, 1 lines"},
		{"a row rejected under --strict", "made", collected(feature(`"code":"A"`),
			strings.Replace(feature(`"code":"B"`), "112.5", "10", 1)),
			merge.Options{Settings: settings.Settings{Strict: new(true)}}, geo.ErrInvalid, "--strict"},
		{"a mapping to what is not there", "made", good,
			merge.Options{Settings: settings.Settings{Map: []string{"v=w"}}}, geo.ErrInvalid, "mapping"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			pgtest.Exec(t, conn, "create table city.hidden (id integer)")
			count := "select concat_ws(' ', (select count(*) from pg_class), (select count(*) from catalog.layer), " +
				"(select count(*) from catalog.field), (select count(*) from journal.entry), (select count(*) from " +
				"journal.batch))"
			before := pgtest.Value(t, conn, count)
			o := c.o
			if o.Create == nil {
				o.Create = &merge.NewLayer{}
			}
			_, err := bringSo(context.Background(), t, s, geo.LayerName(c.layer), c.file, o)
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want one that says %q", err, c.says)
			}
			if after := pgtest.Value(t, conn, count); after != before {
				t.Errorf("something was left: %s, then %s", before, after)
			}
		})
	}
}

func TestADryRunOfALayerToMakeShowsItAndMakesNothing(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	before := pgtest.Value(t, conn, "select count(*) from pg_class")
	report, err := bringSo(context.Background(), t, s, "made", collected(feature(`"code":"A","v":1`)),
		merge.Options{DryRun: true, Create: &merge.NewLayer{}})
	if err != nil {
		t.Fatal(err)
	}
	if report.Schema == nil || report.Inserted != 1 || report.Changes == nil {
		t.Errorf("got %+v", report)
	}
	says(t, report, "code", "made")
	if got := pgtest.Value(t, conn,
		"select (select count(*) from pg_class) || ' ' || (select count(*) from catalog.layer where name = "+
			"'made')"); got != before+" 0" {
		t.Errorf("something was left: %s, then %s", before, got)
	}
}

func TestFieldsOfAnyNameFindAColumn(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	long := strings.Repeat("很长的字段名", 20)
	file := collected(feature(`"A b":"1a","a_b":"2a","a-b":"3a","gid":"4a","geom":"5a","!!":"7a","` + long +
		`":"8a","select":"9a","标识码":"K1","'); drop table city.station; --":"10a"`))
	report, err := bringSo(context.Background(), t, s, "made", file, merge.Options{Create: &merge.NewLayer{}})
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, conn, "select from city.station")
	row := pgtest.Value(t, conn, "select (to_jsonb(m) - 'gid' - 'geom')::text from city.made m")
	for _, i := range []int{1, 2, 3, 4, 5, 7, 8, 9, 10} {
		if !strings.Contains(row, fmt.Sprintf(`"%da"`, i)) {
			t.Errorf("the value %da is not in the row %s", i, row)
		}
	}
	if report.Schema.Key != "code" || !strings.Contains(row, `"code": "K1"`) {
		t.Errorf("the key is %q: %s", report.Schema.Key, row)
	}
	if again, err := bring(t, s, "made", file); err != nil ||
		counts(again) != "read 1, inserted 0, updated 0, unchanged 1" {
		t.Errorf("again: %v, %v", again, err)
	}
}
