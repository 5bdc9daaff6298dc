package importer

import (
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// listed checks a value against the field's list, where it has one.
func listed(c *Column, text []byte) *flaw {
	if len(c.Values) > 0 && !slices.Contains(c.Values, string(text)) {
		return &flaw{reason: record.NotListed, detail: func() lang.Label { return oneOf(c.Values, plainChoice) }}
	}
	if len(c.Categories) == 0 {
		return nil
	}
	for _, category := range c.Categories {
		if category.Value == string(text) {
			return nil
		}
	}
	return &flaw{reason: record.NotListed, detail: func() lang.Label { return oneOf(c.Categories, choice) }}
}

// choice is a value of a list with its label in each language; an office looks for the label.
func choice(c geo.Category) lang.Label {
	said := lang.Label{ZH: c.Value, EN: c.Value}
	if c.ZH != "" && c.ZH != c.Value {
		said.ZH = lang.Chinese.Sayf("%s (%s)", c.ZH, c.Value)
	}
	if c.EN != "" && !strings.EqualFold(c.EN, c.Value) {
		said.EN = lang.English.Sayf("%s (%s)", c.Value, c.EN)
	}
	return said
}

func plainChoice(value string) lang.Label { return lang.Label{EN: value} }

// oneOf lists at most twelve values.
func oneOf[T any](values []T, choice func(T) lang.Label) lang.Label {
	const most = 12
	var choices lang.Labels
	for i, value := range values {
		if i == most {
			choices = append(choices, lang.Label{EN: "…"})
			break
		}
		choices = append(choices, choice(value))
	}
	return lang.Bothf("must be one of %s", choices)
}
