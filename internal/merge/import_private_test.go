package merge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// Numbers of nobody, in pieces: no file here holds a whole one.
const (
	mobile   = "138" + "00135678"
	identity = "110105" + "19491231002X"
)

// benches is a file in which much looks like data of persons; its canary is a name.
func benches() string {
	var features []string
	for i := range 10 {
		features = append(features,
			feature(fmt.Sprintf(
				`"code":"C%[1]d","name":"座%[1]d","联系人":"%[2]s","户主":"李%[3]c","负责人":"王%[3]c","微信":"wx_%[1]d_zhang","证":"%[5]s","备注":"%[4]s"`,
				i, canary, '一'+rune(i), map[bool]string{true: "靠背坏，电 " + mobile, false: "完好"}[i == 7], identity)))
	}
	return collected(features...)
}

func TestANewLayerInWhichSomethingLooksPersonalIsNotMadeUntilThePlannerDecides(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	count := "select concat_ws(' ', (select count(*) from pg_class), (select count(*) from catalog.layer), (select " +
		"count(*) from journal.entry), (select count(*) from journal.batch))"
	before := pgtest.Value(t, conn, count)
	for _, dry := range []bool{false, true} {
		_, err := bringSo(context.Background(), t, s, "bench", benches(),
			merge.Options{DryRun: dry, Create: &merge.NewLayer{}})
		var question *importer.PersonalQuestion
		if !errors.As(err, &question) || !errors.Is(err, geo.ErrInvalid) {
			t.Fatalf("got %v", err)
		}
		for language, text := range map[string]string{"zh": question.Label().ZH, "en": question.Label().EN} {
			for _, word := range []string{"联系人", "户主", "负责人", "微信", "证：|证:", "备注：|备注:", "138****5678",
				"1****************X", "--map 联系人= --map 户主=", "--keep-private 联系人,户主,负责人,微信,证,备注"} {
				a, b, _ := strings.Cut(word, "|")
				if !strings.Contains(text, a) && (b == "" || !strings.Contains(text, b)) {
					t.Errorf("%s: %q is not in\n%s", language, word, text)
				}
			}
			for _, secret := range []string{canary, mobile, identity, "李一"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s: the question tells %s:\n%s", language, secret, text)
				}
			}
		}
	}
	if after := pgtest.Value(t, conn, count); after != before {
		t.Errorf("something was left: %s, then %s", before, after)
	}
}

func TestFieldsThatArePersonalAreLeftOutOrKeptPrivateOneByOne(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	keep := &merge.NewLayer{Keep: []string{"联系人", "备注"}}
	drop := []string{"户主=", "负责人=", "微信=", "证="}
	report, err := bringSo(context.Background(), t, s, "bench", benches(),
		merge.Options{Settings: settings.Settings{Map: drop}, Create: keep})
	if err != nil {
		t.Fatal(err)
	}
	if got := columnsOf(t, conn, "city.bench"); got != "code text, name text, 联系人 text, remark text" {
		t.Errorf("the columns are %s", got)
	}
	if got := granted(t, conn, "city.bench"); got != "schema gid code name geom" {
		t.Errorf("the public role may read %s", got)
	}
	for language, first := range map[string]string{"zh": "已发布：对所有人公开；不公开的字段：联系人、备注",
		"en": "published: visible to everybody; kept private: 联系人, 备注"} {
		lines := strings.Split(report.Text(lang.Tag(language)), "\n")
		if strings.TrimSpace(lines[1]) != first {
			t.Errorf("the report begins\n%s\n%s", lines[0], lines[1])
		}
		if text := report.Text(lang.Tag(language)); strings.Contains(text, canary) {
			t.Errorf("the report tells a name:\n%s", text)
		}
	}
	pgtest.Exec(t, conn, "update city.bench set remark = 'x'")
	if got := former(t, conn, "bench", "-infinity"); strings.Contains(got, "remark") || strings.Contains(got, "联系人") {
		t.Errorf("the past is %s", got)
	}
	again, err := bringSo(context.Background(), t, s, "bench", strings.ReplaceAll(benches(), canary, canary+"2"),
		merge.Options{Settings: settings.Settings{Map: drop}, DryRun: true})
	if err != nil || again.Updated != 10 {
		t.Fatalf("%v, %v", again, err)
	}
	if text := again.Text("en"); strings.Contains(text, canary) && !strings.Contains(text, "first 3 rows") {
		t.Errorf("a preview tells a private value:\n%s", text)
	}
	for _, one := range again.Changes.Edited.Sample {
		for field, values := range one.Fields {
			if field != "name" && *values[0] != "***" {
				t.Errorf("a preview tells %s: %s", field, *values[0])
			}
		}
	}
}

func TestANewLayerWithoutPersonsIsPublishedAndTheReportSaysSo(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, dry := range []bool{true, false} {
		report, err := bringSo(context.Background(), t, s, "bench", collected(feature(`"code":"A","remark":"人民路"`)),
			merge.Options{DryRun: dry, Create: &merge.NewLayer{}})
		if err != nil {
			t.Fatal(err)
		}
		want := map[bool]string{true: "would be published: visible to everybody",
			false: "published: visible to everybody"}[dry]
		if got := strings.TrimSpace(strings.Split(report.Text("en"), "\n")[1]); got != want {
			t.Errorf("the report begins with %q", got)
		}
	}
}

func TestWhatIsKeptPrivateMustBeAFieldAndNotTheKey(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, c := range []struct {
		create merge.NewLayer
		says   string
	}{
		{merge.NewLayer{Keep: []string{"联系"}}, `"联系人"`},
		{merge.NewLayer{Keep: []string{"code"}, Key: "code"}, "--key"},
	} {
		_, err := bringSo(context.Background(), t, s, "bench", benches(), merge.Options{Create: &c.create})
		if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("got %v, want one that says %s", err, c.says)
		}
	}
}

func TestNumbersOfPersonsInAPublicLayerAreNeverTakenSilently(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	file := collected(seat("S1", "人民路", `,"remark":"完好"`), seat("S2", "建设路", `,"remark":"报修请打 138-`+"0013"+`-5678"`),
		seat("S3", "车站", `,"remark":"`+identity+`"`))
	for _, change := range []string{"车站", "南站"} { // of an empty layer, and when a row changes
		file = strings.ReplaceAll(strings.ReplaceAll(file, "车站", change), "建设路", "建设"+change)
		report, err := bring(t, s, "station", file)
		if err != nil {
			t.Fatal(err)
		}
		says(t, report, "138****5678", "1****************X")
		if en, zh := report.Text(lang.English), report.Text(lang.Chinese); !strings.Contains(en, "field remark") ||
			!strings.Contains(zh, "“备注”") {
			t.Errorf("the report does not name the field:\n%s\n%s", en, zh)
		}
		if text := report.Text("zh"); strings.Contains(text, "0013") || !strings.Contains(text, "对所有人公开") {
			t.Errorf("the report is\n%s", text)
		}
	}
	pgtest.Exec(t, conn, "select catalog.keep_private('station', '{remark}')", "update city.station set remark = null")
	report, err := bring(t, s, "station", file)
	if err != nil || len(report.Warnings) != 0 {
		t.Errorf("of a private column: %v, %v", report.Warnings, err)
	}
}
