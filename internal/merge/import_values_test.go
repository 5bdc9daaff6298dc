package merge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"yizhan/importer/settings"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

func TestValuesAreReadAsPlannersWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, given, want, noted string }{
		{"integer", `"1,234,567"`, "1234567", "separators"},
		{"integer", `"１２３"`, "123", "full_width"},
		{"float8", `"－1，234．5"`, "-1234.5", "full_width"},
		{"float8", `" 12.5 "`, "12.5", ""},
		{"date", `"２０２１－０６－３０"`, "2021-06-30", "full_width"},
		{"boolean", `"有"`, "true", ""},
		{"text", `"１２"`, "１２", ""},
		{"text check (v in ('open', 'shut'))", `"OPEN"`, "open", "label"},
		{"text check (v in ('open', 'shut'))", `"开放"`, "open", "label"},
		{"text check (v in ('open', 'shut'))", `""`, "null", ""},
		{"integer", `""`, "null", ""},
		{"integer", `"1,23"`, "wrong_type", ""},
		{"integer", `"1.5"`, "wrong_type", ""},
		{"integer", `"12个"`, "wrong_type", ""},
		{"float8", `"NaN"`, "wrong_type", ""},
		{"float8", `"0x1p4"`, "wrong_type", ""},
		{"date", `"2021-02-30"`, "impossible_date", ""},
		{"date", `"2021年13月1日"`, "impossible_date", ""},
		{"text check (v in ('open', 'shut'))", `"ajar"`, "not_in_list", ""},
	} {
		t.Run(c.column+" "+c.given, func(t *testing.T) {
			t.Parallel()
			s, conn := lamps(t, "v "+c.column)
			if strings.Contains(c.column, "check") {
				pgtest.Exec(t, conn,
					`select catalog.categories('lamp', 'v', '[{"value":"open","zh":"开放","en":"Open"},{"value":"shut","zh":"关闭","en":"Shut"}]', false)`)
			}
			report, err := bring(t, s, "lamp", collected(lamp("A", `,"v":`+c.given)))
			if err != nil {
				t.Fatal(err)
			}
			got := pgtest.Value(t, conn, "select v from city.lamp")
			if report.Rejected > 0 {
				got = string(report.Listed[0].Reason)
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			noted := ""
			for _, one := range report.Noted {
				noted += one.Kind + " "
				if one.What.ZH == "" || one.Features != 1 || one.Field != "v" {
					t.Errorf("noted %+v", one)
				}
			}
			if !strings.Contains(noted, c.noted) || c.noted == "" && noted != "" {
				t.Errorf("noted %q, want %q", noted, c.noted)
			}
		})
	}
}

func TestReplacingKeepsRowsWhoseFeatureWasRejectedWhateverTheKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, key string }{
		{"text", `" A"`}, {"integer", `"007"`}, {"bigint", `7.0`}, {"float8", `1.50`}, {"numeric", `"1.50"`},
		{"char(4)", `"ab"`},
	} {
		t.Run(c.column, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			pgtest.Exec(t, conn,
				"create table city.keyed (gid bigint generated always as identity primary key, k "+c.column+" not "+
					"null, n integer, geom geometry(Point, 4326) not null)",
				"select catalog.publish('city.keyed', key_column => 'k')")
			other := map[string]string{"text": `"B"`, "char(4)": `"B"`}[c.column]
			if other == "" {
				other = "9"
			}
			good := feature(`"k":` + other + `,"n":1`)
			if _, err := bring(t, s, "keyed", collected(feature(`"k":`+c.key+`,"n":1`), good)); err != nil {
				t.Fatal(err)
			}
			report, err := bringSo(context.Background(), t, s, "keyed",
				collected(feature(`"k":`+c.key+`,"n":"many"`), good),
				merge.Options{Settings: settings.Settings{Mode: said(string(merge.Replace))}})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%d %d %d %s", report.Deleted, report.Rejected, report.Unchanged,
				pgtest.Value(t, conn, "select count(*) from city.keyed")); got != "0 1 1 2" {
				t.Errorf("deleted, rejected, unchanged, rows: %s", got)
			}
		})
	}
}
