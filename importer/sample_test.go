package importer

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/format"
)

func TestASampleShowsRowsButNotPersons(t *testing.T) {
	t.Parallel()
	mobile := "138" + strings.Repeat("0", 8) // nobody's, in two pieces: no file here holds such a number
	f := opened(t, "people.csv",
		"编号,姓名,手机,备注,经度,纬度\nA1,张三,"+mobile+",卧龙区,112.53,32.99\nA2,李四,"+mobile+","+mobile+",112.54,32.98\n",
		format.Limits{})
	s, err := Examine(context.Background(), f, layer(geo.Point, false))
	if err != nil {
		t.Fatal(err)
	}
	told := fmt.Sprint(s.Fields, s.Rows)
	if want := "[编号 姓名 手机 备注] [[A1 *** *** 卧龙区] [A2 *** *** ***]]"; told != want {
		t.Errorf("got  %s\nwant %s", told, want)
	}
	if !s.Whole || s.Records != 2 || fmt.Sprint(s.Numbers.X) != "[112.53 112.54]" {
		t.Errorf("%+v", s)
	}
	if quiet := s.Personal(); len(quiet.Rows) != 0 || strings.Contains(fmt.Sprint(quiet.Rows), "A1") {
		t.Errorf("a personal layer shows %v", quiet.Rows)
	}
}
