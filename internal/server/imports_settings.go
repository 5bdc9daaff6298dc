package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/internal/store"
)

// settings are what a form says of an import.
type settings struct {
	layer geo.LayerName
	file  format.Options
	store store.ImportOptions
}

// settings reads a form; what a saved profile says counts where the form is silent.
func (s *Server) settings(ctx context.Context, u *upload) (settings, error) {
	saved, err := s.profile(ctx, u.fields["profile"])
	if err != nil {
		return settings{}, err
	}
	kept := saved.Settings
	field := func(name, else_ string) string {
		if text := strings.TrimSpace(u.fields[name]); text != "" {
			return text
		}
		return else_
	}
	set := settings{
		layer: geo.LayerName(field("layer", string(saved.Layer))),
		file: format.Options{Encoding: field("encoding", kept.Encoding), Inside: field("inside", kept.Inside),
			X: field("x", kept.X), Y: field("y", kept.Y), WKT: field("wkt", kept.WKT)},
		store: store.ImportOptions{Actor: s.imports.options.actor, Mode: store.Mode(field("mode", kept.Mode)), CRS: field("crs", kept.CRS),
			Axes: field("axes", kept.Axes), Shift: field("shift", kept.Shift), Control: []byte(field("control", "")), Mapping: map[string]string{}},
	}
	for _, one := range []struct {
		to    *bool
		name  string
		saved bool
	}{{&set.store.Strict, "strict", kept.Strict}, {&set.store.Anywhere, "anywhere", kept.Anywhere}} {
		if *one.to, err = yesNo(one.name, field(one.name, "")); err != nil {
			return set, err
		}
		*one.to = *one.to || one.saved && field(one.name, "") == ""
	}
	for _, one := range slices.Concat(kept.Map, u.maps) {
		from, to, ok := strings.Cut(one, "=")
		if !ok {
			return set, fmt.Errorf("map %.60q: write FIELD=NAME, or FIELD= to leave a field out: %w", one, geo.ErrInvalid)
		}
		set.store.Mapping[from] = to
	}
	return set, set.check()
}

func (s *Server) profile(ctx context.Context, name string) (store.Profile, error) {
	if name == "" {
		return store.Profile{}, nil
	}
	return s.store.Profile(ctx, name)
}

// check refuses words that are none of the choices.
func (s settings) check() error {
	if s.layer == "" {
		return fmt.Errorf("the form does not say into which layer; add the field \"layer\": %w", geo.ErrInvalid)
	}
	for _, one := range []struct {
		name, word string
		known      []string
	}{
		{"mode", string(s.store.Mode), []string{string(store.Merge), string(store.Replace), string(store.Append)}},
		{"axes", s.store.Axes, []string{"auto", "east-first", "north-first"}},
	} {
		if one.word != "" && !slices.Contains(one.known, one.word) {
			return fmt.Errorf("%s %.60q is none of %s%s: %w", one.name, one.word, strings.Join(one.known, ", "), geo.Suggest(geo.Nearest(one.word, one.known)), geo.ErrInvalid)
		}
	}
	return nil
}

// yesNo reads a choice as forms and programs send it.
func yesNo(name, word string) (bool, error) {
	switch strings.ToLower(word) {
	case "", "0", "false", "no", "off":
		return false, nil
	case "1", "true", "yes", "on":
		return true, nil
	}
	return false, fmt.Errorf("%s %.60q: write true or false: %w", name, word, geo.ErrInvalid)
}
