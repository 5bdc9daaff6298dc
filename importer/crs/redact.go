package crs

import (
	"regexp"

	"yizhan/internal/lang"
)

// coordinate matches numbers that could be coordinates.
var coordinate = regexp.MustCompile(`[0-9][0-9,]*\.[0-9]{2,}|[0-9]{1,3}(,[0-9]{3})+|[0-9]{6,}`)

// Redact is a text without coordinates, for layers whose places are confidential.
func Redact(l lang.Label) lang.Label {
	return lang.Label{ZH: coordinate.ReplaceAllString(l.ZH, "…"), EN: coordinate.ReplaceAllString(l.EN, "…")}
}

// Redacted is the question without coordinates.
func (q *Question) Redacted() *Question {
	redacted := &Question{Axes: q.Axes, text: Redact(q.text)}
	for _, r := range q.Readings {
		r.Meaning, r.First = Redact(r.Meaning), [2]float64{}
		redacted.Readings = append(redacted.Readings, r)
	}
	return redacted
}
