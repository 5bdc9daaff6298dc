package main

import (
	"fmt"
	"testing"
)

func TestBandOfAnAnswer(t *testing.T) {
	t.Parallel()
	seven, ten, fourteen := 7, 10, 14
	for _, c := range []struct {
		what string
		row  count
		want string
	}{
		{"an exact number is itself", count{Members: &seven, Shown: "7"}, "7..7"},
		{"a small number is hidden, and zero with it", count{Shown: "<5"}, "0..4"},
		{"one that is hidden beside it has no upper end", count{Shown: "≥5"}, "5.."},
		{"a total that is rounded to tens", count{Shown: "≈30"}, "25..34"},
		{"a band by its ends", count{AtLeast: &ten, AtMost: &fourteen, Shown: "10–14"}, "10..14"},
		{"ends are believed before a text", count{AtLeast: &ten, Shown: "7"}, "10.."},
		{"a band by its text", count{Shown: "10–14"}, "10..14"},
		{"a text that is not a number tells nothing", count{Shown: "some"}, "nothing"},
	} {
		got := "nothing"
		if b, ok := c.row.band(); ok {
			got = inWords(b)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

func inWords(b band) string {
	if b.most >= endless {
		return fmt.Sprintf("%d..", b.least)
	}
	return fmt.Sprintf("%d..%d", b.least, b.most)
}

func TestRingBetweenTwoCircles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what         string
		inner, outer band
		few, narrow  int
	}{
		{"two exact numbers count the ring", band{7, 7}, band{9, 9}, 1, 1},
		{"an empty ring is told too, and finds nobody", band{7, 7}, band{7, 7}, 0, 1},
		{"a large ring that is counted is narrower than the rule", band{7, 7}, band{30, 30}, 0, 1},
		{"one hidden number leaves five values", band{0, 4}, band{9, 9}, 0, 0},
		{"one of five in the outer circle leaves one to four and nobody", band{0, 4}, band{4, 4}, 0, 0},
		{"the same band of five leaves the ring open", band{10, 14}, band{10, 14}, 0, 0},
		{"neighbouring bands of five leave it open", band{5, 9}, band{10, 14}, 0, 0},
		{"bands of four would not", band{10, 11}, band{12, 13}, 0, 1},
		{"no upper end is open", band{5, 9}, band{10, endless}, 0, 0},
	} {
		var v verdictOnCounts
		v.addPair(counts{"greening": c.inner}, counts{"greening": c.outer})
		if v.few != c.few || v.narrow != c.narrow {
			t.Errorf("%s: %d exact and %d narrow, want %d and %d", c.what, v.few, v.narrow, c.few, c.narrow)
		}
	}
}

func TestTotalGivesHiddenTradesAway(t *testing.T) {
	t.Parallel()
	five, seven := band{5, 5}, band{7, 7}
	hidden := band{0, 4}
	for _, c := range []struct {
		what string
		all  counts
		few  int
	}{
		{"5, 5, 7, <5, <5 with ≈30 leaves 4 and 4", counts{"a": five, "b": five, "c": seven, "d": hidden, "e": hidden, "total": {25, 34}}, 2},
		{"with ≈20 it leaves all that they may be", counts{"a": five, "b": five, "c": seven, "d": hidden, "e": hidden, "total": {15, 24}}, 0},
		{"an exact total and one that is hidden", counts{"a": five, "d": hidden, "total": {8, 8}}, 1},
		{"a total of the ends tells nothing more", counts{"a": {5, 9}, "d": hidden, "total": {5, 13}}, 0},
	} {
		var v verdictOnCounts
		v.addAlone(c.all)
		if v.few != c.few {
			t.Errorf("%s: %d are known, want %d", c.what, v.few, c.few)
		}
	}
}

func TestCountsOfAnAnswer(t *testing.T) {
	t.Parallel()
	old := `{"rows":[{"trade":"greening","members":7,"shown":"7"},{"trade":"total","members":null,"shown":"≈10"}]}`
	new := `{"rows":[{"trade":"greening","members":null,"shown":"5–9","at_least":5,"at_most":9},{"trade":"total","members":null,"shown":"5–9","at_least":5,"at_most":9}]}`
	for body, want := range map[string]string{old: "7..7 5..14", new: "5..9 5..9"} {
		got, err := readCounts([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if text := inWords(got["greening"]) + " " + inWords(got["total"]); text != want {
			t.Errorf("%s, want %s", text, want)
		}
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = 100 - i
	}
	for _, c := range []struct {
		what   string
		values []int
		of     int
		want   int
	}{
		{"of none", nil, 95, 0},
		{"of one", []int{3}, 95, 3},
		{"the 95th of a hundred, in any order", hundred, 95, 95},
		{"the median of three", []int{9, 1, 5}, 50, 5},
		{"the 95th of twenty is the nineteenth", hundred[80:], 95, 19},
	} {
		if got := percentile(c.values, c.of); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}
