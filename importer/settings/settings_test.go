package settings

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"yizhan/geo"
)

func TestWhatIsSaidGoesBeforeWhatWasSaved(t *testing.T) {
	t.Parallel()
	saved := Settings{Mode: new("replace"), CRS: new("gcj02"), Strict: new(true), Map: []string{"a=x", "b=y"}}
	for _, c := range []struct {
		name string
		said Settings
		want Settings
	}{
		{"nothing said", Settings{}, saved},
		{"the default said by name", Settings{Mode: new("merge"), CRS: new("auto")},
			Settings{Mode: new("merge"), CRS: new("auto"), Strict: new(true), Map: saved.Map}},
		{"a flag taken back", Settings{Strict: new(false)},
			Settings{Mode: saved.Mode, CRS: saved.CRS, Strict: new(false), Map: saved.Map}},
		{"another mapping", Settings{Map: []string{"b="}},
			Settings{Mode: saved.Mode, CRS: saved.CRS, Strict: saved.Strict, Map: []string{"a=x", "b=y", "b="}}},
	} {
		if got := c.said.Over(saved); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
}

func TestAFormSaysWhatItsFieldsSay(t *testing.T) {
	t.Parallel()
	s, err := FromForm(map[string]string{"layer": " station ", "mode": "replace", "crs": "", "strict": "yes",
		"anywhere": "0", "profile": "x"}, []string{"高度=height"})
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{Layer: new("station"), Mode: new("replace"), Strict: new(true), Anywhere: new(false),
		Map: []string{"高度=height"}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got %+v", s)
	}
	for _, c := range []struct{ field, word, says string }{
		{"mode", "replcae", `did you mean "replace"`}, {"axes", "x", "auto, east-first, north-first"},
		{"strict", "perhaps", "true or false"},
	} {
		if _, err := FromForm(map[string]string{c.field: c.word}, nil); !errors.Is(err, geo.ErrInvalid) ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("%s=%s: %v", c.field, c.word, err)
		}
	}
}

// TestEveryFieldIsOfATypeThatFormsGive: a field of another type would silently stay empty.
func TestEveryFieldIsOfATypeThatFormsGive(t *testing.T) {
	t.Parallel()
	for field := range fields() {
		if field.Name == "Map" {
			continue
		}
		var s Settings
		at := reflect.ValueOf(&s).Elem().FieldByIndex(field.Index)
		if err := give(at, field.Name, "1"); err != nil || at.IsNil() {
			t.Errorf("%s stays empty: %v", field.Name, err)
		}
	}
	var n *int
	if err := give(reflect.ValueOf(&n).Elem(), "rows", "12"); err != nil || n == nil || *n != 12 {
		t.Errorf("got %v, %v", n, err)
	}
	if err := give(reflect.ValueOf(&n).Elem(), "rows", "many"); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestAProfileKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	said := Settings{Mode: new("merge"), Strict: new(false), X: new("经度"), Map: []string{"a="}}
	text, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"mode":"merge","x":"经度","strict":false,"map":["a="]}`; string(text) != want {
		t.Errorf("kept as %s, want %s", text, want)
	}
	var read Settings
	if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, said) {
		t.Errorf("read as %+v, %v", read, err)
	}
}

func TestNamesAreThoseOfTheForm(t *testing.T) {
	t.Parallel()
	if names := Names(); !slices.Contains(names, "wkt") || names[len(names)-1] != "map" || slices.Contains(names, "") {
		t.Errorf("got %v", names)
	}
}

func TestAMappingIsReadFieldByField(t *testing.T) {
	t.Parallel()
	got, err := Settings{Map: []string{"a=x", "b=", "a=z"}}.Mapping()
	if err != nil || !reflect.DeepEqual(got, map[string]string{"a": "z", "b": ""}) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := (Settings{Map: []string{"a"}}).Mapping(); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("without a sign: %v", err)
	}
}
