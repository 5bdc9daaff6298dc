package crs

import (
	"regexp"

	"yizhan/internal/lang"
)

// places matches numbers that could be coordinates.
var places = regexp.MustCompile(`[0-9][0-9,]*\.[0-9]{2,}|[0-9]{1,3}(,[0-9]{3})+|[0-9]{6,}`)

// Discreet is a text without coordinates, for layers of which no place may be told.
func Discreet(l lang.Label) lang.Label {
	return label(places.ReplaceAllString(l.ZH, "…"), places.ReplaceAllString(l.EN, "…"))
}

// Discreet is the question without coordinates.
func (q *Question) Discreet() *Question {
	quiet := &Question{Axes: q.Axes, text: Discreet(q.text)}
	for _, r := range q.Readings {
		r.Meaning, r.First = Discreet(r.Meaning), [2]float64{}
		quiet.Readings = append(quiet.Readings, r)
	}
	return quiet
}
