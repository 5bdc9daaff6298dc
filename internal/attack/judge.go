package main

import (
	"cmp"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
)

// endless stands for no upper end.
const endless = math.MaxInt32

// band is what an answer tells of a number of persons: its ends, both included.
type band struct{ least, most int }

// open is whether a number that is only known to lie in the band may be told of
// persons: there are at least five values, and not all of them are of one to four.
func (b band) open() bool { return b.width() >= 5 && (b.least < 1 || b.most > 4) }

// width is how many values the band has.
func (b band) width() int {
	if b.most >= endless {
		return endless
	}
	return b.most - b.least + 1
}

// exactFew is whether the band is one number, of one to four persons.
func (b band) exactFew() bool { return b.least == b.most && b.least >= 1 && b.least <= 4 }

// minus is what the difference of an area and one inside it can be.
func (b band) minus(inner band) band {
	most := endless
	if b.most < endless {
		most = b.most - inner.least
	}
	return band{max(0, b.least-inner.most), most}
}

// count is a row of an answer that counts persons, in any form that it has had:
// bands by their ends, an exact number, or a text with a sign before it.
type count struct {
	Trade   string `json:"trade"`
	Members *int   `json:"members"`
	Shown   string `json:"shown"`
	AtLeast *int   `json:"at_least"`
	AtMost  *int   `json:"at_most"`
}

var shownForm = regexp.MustCompile(`^([<≥≈]?)([0-9]+)(?:[–—-]([0-9]+))?(\+?)$`)

// band is what the row tells.
func (c count) band() (band, bool) {
	switch {
	case c.AtLeast != nil && c.AtMost != nil:
		return band{*c.AtLeast, *c.AtMost}, true
	case c.AtLeast != nil:
		return band{*c.AtLeast, endless}, true
	case c.Members != nil:
		return band{*c.Members, *c.Members}, true
	}
	part := shownForm.FindStringSubmatch(c.Shown)
	if part == nil {
		return band{}, false
	}
	n, err := strconv.Atoi(part[2])
	if err != nil {
		return band{}, false
	}
	switch {
	case part[1] == "<":
		return band{0, n - 1}, true
	case part[1] == "≥" || part[4] == "+":
		return band{n, endless}, true
	case part[1] == "≈": // rounded to tens, half away from zero
		return band{max(0, n-5), n + 4}, true
	case part[3] != "":
		most, err := strconv.Atoi(part[3])
		return band{n, most}, err == nil
	}
	return band{n, n}, true
}

// counts are the bands of one answer by trade, with "total" where it has one.
type counts map[string]band

// readCounts reads the answer of a question that counts persons.
func readCounts(body []byte) (counts, error) {
	var told struct{ Rows []count }
	if err := json.Unmarshal(body, &told); err != nil {
		return nil, err
	}
	found := counts{}
	for _, row := range told.Rows {
		if b, ok := row.band(); ok {
			found[row.Trade] = b
		}
	}
	return found, nil
}

// solved narrows the trades by the total, as a reader with a pencil would: each is
// the total less the others. It does not look at which answers are likely.
func (c counts) solved() counts {
	total, has := c["total"]
	narrowed := counts{}
	for trade, b := range c {
		if trade == "total" || !has {
			narrowed[trade] = b
			continue
		}
		others := band{}
		for other, o := range c {
			if other != trade && other != "total" {
				others.least += o.least
				others.most = min(endless, others.most+o.most)
			}
		}
		narrowed[trade] = band{max(b.least, total.least-others.most), min(b.most, total.minus(band{others.least, others.least}).most)}
	}
	return narrowed
}

// verdictOnCounts is what answers give away.
type verdictOnCounts struct {
	pairs, few, narrow int
}

// addPair judges an area and one inside it: how many differences are an exact number
// of one to four persons, and how many are narrower than the rule allows.
func (v *verdictOnCounts) addPair(inner, outer counts) {
	for trade, in := range inner {
		out, both := outer[trade]
		if !both {
			continue
		}
		v.add(out.minus(in))
	}
}

// addAlone judges one answer by itself.
func (v *verdictOnCounts) addAlone(c counts) {
	for trade, b := range c.solved() {
		if told := c[trade]; told.width() > 1 { // a figure that is told outright is judged by the pairs
			v.add(b)
		}
	}
}

func (v *verdictOnCounts) add(b band) {
	v.pairs++
	if b.exactFew() {
		v.few++
	}
	if !b.open() {
		v.narrow++
	}
}

// percentile is the smallest value that at least so many of a hundred do not exceed;
// 0 of none.
func percentile[T cmp.Ordered](values []T, hundredths int) (none T) {
	if len(values) == 0 {
		return none
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, (len(sorted)*hundredths+99)/100-1)]
}
