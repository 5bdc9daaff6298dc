package server

import (
	"context"
	"testing"

	"yizhan/internal/lang"
)

func TestAFailureIsToldUnlessItWasAnInterruptionOrConcernsPersons(t *testing.T) {
	t.Parallel()
	const interrupted, hidden = "reading was interrupted; upload the file again", "the file was not accepted; upload " +
		"it again to see why"
	former := func(text string) lang.Label { return lang.Label{ZH: text, EN: text} }
	for _, c := range []struct {
		name     string
		failure  lang.Label
		personal bool
		want     string
	}{
		{"a fault of the file", former("a.csv has no header row"), false, "a.csv has no header row"},
		{"a fault of a file of persons", former("a.csv has no header row"), true, hidden},
		{"nothing", lang.Label{}, false, interrupted},
		{"a server that stopped", former("interrupted"), false, interrupted},
		{"a reading that was cancelled", lang.BothOf(lang.Errorf("a.csv: %w", context.Canceled)), false, interrupted},
		{"one of a former release", former("a.csv: context canceled"), true, interrupted},
	} {
		if got := failureText(c.failure, c.personal); got.EN != c.want || got.ZH == "" {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
