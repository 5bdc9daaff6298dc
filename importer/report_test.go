package importer

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// mixed is a file with a bit of everything that happens.
func mixed() string {
	wrong := []string{
		feature("A", ""),
		feature("B", `,"SEATS":"many"`),
		feature("C", `,"seats":40000,"note":"x"`),
		feature("D", `,"status":"ruined"`),
		feature("E", `,"opened":"30.2.2021"`),
		strings.Replace(feature("F", ""), "[112.5,33]", "[33,112.5]", 1),
		strings.Replace(feature("G", ""), "[112.5,33]", "[499512.3,3652034.1]", 1),
		strings.Replace(feature("H", ""), `{"type":"Point","coordinates":[112.5,33]}`, "null", 1),
		strings.Replace(feature("I", ""), `"Point","coordinates":[112.5,33]`,
			`"LineString","coordinates":[[1,2],[3,4]]`, 1),
		strings.Replace(feature("J", ""), `"code":"J",`, "", 1),
		strings.Replace(feature("K", ""), `[112.5,33]`, "[112.5,33,140.2]", 1),
	}
	for range 7 {
		wrong = append(wrong, feature("L", `,"seats":"无"`))
	}
	wrong = append(wrong, feature("M", `,"opened":"2021.12.3"`), feature("N", `,"opened":"2021.2.30"`))
	return collection(wrong...)
}

func TestTheReportAsAPlannerReadsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		privacy geo.Privacy
		file    string
		batch   int64
	}{
		{"mixed", geo.Public, mixed(), 12},
		{"personal", geo.Personal, mixed(), 13},
		{"clean", geo.Public, collection(feature("A", ""), feature("B", "")), 14},
		{"empty", geo.Public, collection(), 15},
		{"repeated", geo.Public, collection(feature("A", "")), 16},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			target := layer(geo.Point, false)
			target.Layer.Privacy, target.Layer.Title = c.privacy, lang.Label{ZH: "驿站", EN: "Stations"}
			report, _, err := read(t, target, c.file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			report.Batch, report.Took, report.Inserted = c.batch, 2340*time.Millisecond, report.Read-report.Rejected
			if c.name == "repeated" { // as the ledger finds it, out of order
				report.Read = 1778
				for _, at := range []int64{6, 2, 4, 1700} {
					report.Reject(Rejection{Position: at, Key: "177931018", Field: "code", Reason: record.DuplicateKey,
						Detail: lang.Label{ZH: "编号与第 1 个要素相同", EN: "same key as feature 1"}})
				}
				report.Causes[0].Features, report.Rejected = 684, 684
			}
			got := report.Text(lang.Chinese) + "\n" + report.Text(lang.English)
			golden := filepath.Join("testdata", "report_"+c.name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || got != string(want) {
				t.Errorf("%v; got\n%s\nwant\n%s", err, got, want)
			}
		})
	}
}

func TestEveryReasonIsExplainedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, reason := range []record.Reason{record.NotFeature, record.BadJSON, record.TooDeep, record.TooLarge,
		record.NoGeometry, record.EmptyGeometry, record.WrongKind, record.SeveralParts, record.BadCoordinates,
		record.OutOfRange, record.SwappedAxes,
		record.BadRing, record.InvalidShape, record.MissingValue, record.WrongType, record.BadText, record.NotListed,
		record.RepeatedField, record.DuplicateKey, record.BreaksRule,
		record.BadRecord, record.OutsideCity, record.ImpossibleDate, record.NearDuplicate, record.KeyTaken} {
		a := AdviceOn(reason)
		if a.What.ZH == string(reason) || a.What.ZH == "" || a.What.EN == "" || a.Remedy.ZH == "" || a.Remedy.EN == "" {
			t.Errorf("%s: %+v", reason, a)
		}
	}
}

func TestTheFirstThousandRejectionsAreListedInOrder(t *testing.T) {
	t.Parallel()
	r := newReport(&format.File{}, layer(geo.Point, false))
	for i := range int64(5000) {
		r.Reject(Rejection{Position: (i*2999)%5000 + 1, Reason: record.WrongType})
	}
	if r.Rejected != 5000 || len(r.Listed) != 1000 {
		t.Fatal(r.Rejected, len(r.Listed))
	}
	for i, one := range r.Listed {
		if one.Position != int64(i+1) {
			t.Fatalf("number %d of the list is feature %d", i+1, one.Position)
		}
	}
}
