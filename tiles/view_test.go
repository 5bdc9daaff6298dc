package tiles_test

import (
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/tiles"
)

func TestAViewSaysWhatItIs(t *testing.T) {
	t.Parallel()
	noon := tiles.InstantOf(time.Date(2021, 7, 15, 12, 0, 0, 0, time.FixedZone("", 8*3600)))
	for _, c := range []struct {
		view        tiles.View
		text        string
		usual, past bool
	}{
		{tiles.Of("road", "wall_site"), "road,wall_site", true, false},
		{tiles.View{Layers: "road", Datum: geo.GCJ02}, "road?datum=gcj02", false, false},
		{tiles.View{Layers: "road", AsOf: noon}, "road?as_of=2021-07-15T04:00:00Z", false, true},
		{tiles.View{Layers: "road", From: noon, To: noon + 1},
			"road?from=2021-07-15T04:00:00Z&to=2021-07-15T04:00:00.000001Z", false, true},
		{tiles.View{Layers: "road", Columns: tiles.Columns{Chosen: true}}, "road?columns=", false, false},
		{tiles.View{Layers: "road", Filter: "name LIKE '人民%'"}, "road?filter=name LIKE '人民%'", false, false},
	} {
		if c.view.String() != c.text || c.view.Usual() != c.usual || c.view.Past() != c.past {
			t.Errorf("%s: it is %s, usual %v, past %v", c.text, c.view, c.view.Usual(), c.view.Past())
		}
	}
	if v := tiles.Of("road", "wall_site"); !v.Has("wall_site") || v.Has("wall") || v.Has("") {
		t.Errorf("%s has other layers than its own", v)
	}
	if start := time.Unix(0, 0); tiles.InstantOf(start) == 0 || !tiles.Instant(0).Time().IsZero() {
		t.Error("the start of 1970 is not an instant")
	}
	if all, none := (tiles.Columns{}).List(), (tiles.Columns{Chosen: true}).List(); all != nil || none == nil ||
		len(none) != 0 {
		t.Errorf("fields of the zoom are %v, no fields are %v", all, none)
	}
}
