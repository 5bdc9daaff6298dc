package main

import (
	"errors"
	"testing"

	"yizhan/geo"
)

func TestZoomsOfAnExport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		from, to uint8
		fine     bool
	}{{"0-14", 0, 14, true}, {"12", 12, 12, true}, {"14-0", 0, 0, false}, {"0-23", 0, 0, false}, {"", 0, 0, false}, {"a-b", 0, 0, false}, {"-1-3", 0, 0, false}} {
		from, to, err := zooms(c.text)
		if from != c.from || to != c.to || (err == nil) != c.fine || err != nil && !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: %d to %d, %v", c.text, from, to, err)
		}
	}
}
