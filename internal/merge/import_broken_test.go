package merge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

func TestAPreviewOfAKeyWithANULCharacter(t *testing.T) {
	t.Parallel()
	s, _ := postLayer(t, true)
	p := previewed(t, s, "post",
		collected(
			`{"type":"Feature","properties":{"code":"A\u0000"},"geometry":{"type":"Point","coordinates":[112.3,33]}}`,
			post{"P1", "甲", "1", 1}.feature()), merge.Options{})
	if got := counts(p.Report); got != "read 2, inserted 1, updated 0, unchanged 0, bad_text 1" {
		t.Error(got)
	}
	applied(t, s, p.ID)
}

func TestADiscardedPreviewIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, conn := postLayer(t, true)
	id, err := s.BeginPreview(ctx, "post", "posts.geojson", "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(ctx, id); err != nil {
		t.Fatal(err)
	}
	opened, err := onDisk(t, fileOf([]post{{"P1", "甲", "1", 1}}))
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if _, err := s.Preview(ctx, id, "post", opened, merge.Options{}); err == nil {
		t.Error("a preview that was discarded stands")
	}
	if p, err := s.ReadPreview(ctx, id); err != nil || p.State != merge.Discarded {
		t.Errorf("the preview is %+v, %v", p, err)
	}
	if got := pgtest.Value(t, conn, staged); got != "0" {
		t.Errorf("%s staging tables are left", got)
	}
}

func TestColumnsNamedLikeThoseOfStatements(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"r", "o", "target", "staged", "field", "fields", "metres", "pos", "key", "name",
		"near", "taken", "repaired", "broken", "given", "layer", "why", "c", "l", "area"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			pgtest.Exec(t, conn,
				`create table city.odd (gid bigint generated always as identity primary key, code text not null, "`+name+`" text, geom geometry(Polygon, 4326) not null)`,
				"select catalog.publish('city.odd', key_column => 'code')")
			for n, value := range []string{"null", `"1"`, `"2"`, "null", `"3"`} {
				file := collected(plot("A", square, `,"`+name+`":`+value), plot("B", bowTie, ""), plot("A", square, ""))
				p := previewed(t, s, "odd", file,
					merge.Options{Settings: settings.Settings{Mode: said(string([]merge.Mode{merge.Merge,
						merge.Replace}[n%2]))}})
				if n > 0 && p.Report.Changes.Fields[name] != 1 {
					t.Errorf("the preview says %v", p.Report.Changes)
				}
				applied(t, s, p.ID)
			}
			if got := pgtest.Value(t, conn,
				`select string_agg((image ->> 'code') || coalesce(image ->> '`+name+`', '-'), ' ' order by entry) from journal.before`); got != "A- A1 A2 A-" {
				t.Errorf("the history has %s", got)
			}
		})
	}
}
func TestNearThingsInMetresAreRejectedToo(t *testing.T) {
	t.Parallel()
	s, _ := covers(t)
	file := "code,kind,X,Y\nA,雨水,359772.100,3652926.500\nB,雨水,359772.400,3652926.500\nC,污水,359772.400,3652926.500\nD,雨水,359773.400,3652926.500\n"
	report, err := take(t, s, "cover", written(t, "covers.csv", []byte(file)), format.Options{},
		merge.Options{Settings: settings.Settings{CRS: said("EPSG:4547")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := counts(report); got != "read 4, inserted 3, updated 0, unchanged 0, near_duplicate 1" {
		t.Errorf("got %s", got)
	}
}

func TestAQuestionAboutAPersonalFileShowsNoPlace(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	path := written(t, "党员.csv",
		[]byte("code,trade,经度,纬度\n"+canary+"1,volunteer,112.5731973,33.0731973\n"+canary+"2,volunteer,112.5731973,33.0731973\n"))
	_, err := take(t, s, "member", path, format.Options{}, merge.Options{})
	question := asked(t, err, "--crs gcj02")
	told, jsonErr := json.Marshal(question)
	for _, text := range []string{err.Error(), question.Label().ZH, question.Label().EN, string(told),
		fmt.Sprint(jsonErr)} {
		for _, word := range []string{canary, "112.573", "33.073"} {
			if strings.Contains(text, word) {
				t.Errorf("the question tells %q:\n%s", word, text)
			}
		}
	}
}

func TestAMappingOfAFieldThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := postLayer(t, true)
	_, err := bringSo(context.Background(), t, s, "post", fileOf([]post{{"P1", "甲", "1", 1}}),
		merge.Options{Settings: settings.Settings{Map: []string{"高度=height"}}})
	if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), "高度") {
		t.Errorf("got %v", err)
	}
}

func TestReplacingIsRefusedWhereARejectedRowHasNoReadableKey(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "station", collected(seat("S1", "一", ""), seat("S2", "二", "")),
		"read 2, inserted 2, updated 0, unchanged 0")
	before := fixed(t, conn, "city.station")
	nameless := strings.Replace(seat("S2", "二", ""), `"code":"S2",`, "", 1)
	_, err := bringSo(context.Background(), t, s, "station", collected(seat("S1", "一", ""), nameless),
		merge.Options{Settings: settings.Settings{Mode: said(string(merge.Replace))}})
	if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), "cannot be identified by their key") {
		t.Errorf("got %v", err)
	}
	if after := fixed(t, conn, "city.station"); after != before {
		t.Errorf("something was left: %s, then %s", before, after)
	}
}
