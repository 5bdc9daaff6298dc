package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// installed skips a test of the page's packages where there are none.
func installed(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, "web", "node_modules")); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("web/node_modules is missing; type \"make viewer\"")
	}
	t.Skip("SKIPPED, NOT TESTED: web/node_modules is missing; type \"make viewer\"")
}

func TestNoticesAreOfWhatIsInTheBinaryAndThePage(t *testing.T) {
	t.Parallel()
	installed(t)
	made := t.TempDir()
	if err := write(t.Context(), root, made); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"NOTICES", "sbom.cdx.json"} {
		is, errIs := os.ReadFile(filepath.Join(root, "internal", "notices", name))
		want, errWant := os.ReadFile(filepath.Join(made, name))
		if err := errors.Join(errIs, errWant); err != nil {
			t.Fatal(err)
		}
		if string(is) != string(want) {
			t.Errorf("%s is not up to date; type \"make notices\"", name)
		}
	}
}

func TestEveryPartHasALicenceAndAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	installed(t)
	parts, err := collect(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	urls := map[string]bool{}
	var names []string
	for _, p := range parts {
		if len(p.licences) == 0 || urls[p.url()] {
			t.Errorf("%s: licences %v", p.url(), p.licences)
		}
		urls[p.url()] = true
		names = append(names, p.name)
	}
	for _, name := range []string{"std", "github.com/jackc/pgx/v5", "maplibre-gl", "earcut"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not among them", name)
		}
	}
	for _, name := range []string{"vite", "prettier", "pgregory.net/rapid"} { // they build and test
		if slices.Contains(names, name) {
			t.Errorf("%s is among them, and nobody gets it", name)
		}
	}
	for _, p := range parts {
		for _, url := range p.parts {
			if !urls[url] {
				t.Errorf("%s needs %s, which is not listed", p.name, url)
			}
		}
	}
}

func TestLicencesAreToldApart(t *testing.T) {
	t.Parallel()
	bsd := "Redistribution and use in source and binary\nforms, with or without modification"
	for _, c := range []struct {
		name string
		text string
		want string
	}{
		{"two clauses", bsd, "BSD-2-Clause"},
		{"three clauses", bsd + " may be used without specific\nprior written permission", "BSD-3-Clause"},
		{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"},
		{"Apache", "Apache License\n  Version 2.0, January 2004", "Apache-2.0"},
		{"none that is known", "All rights reserved", ""},
	} {
		if got := strings.Join(licencesOf([]text{{"LICENSE", c.text}}), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPackagesAreFoundAsNodeFindsThem(t *testing.T) {
	t.Parallel()
	var l lock
	if err := json.Unmarshal(
		[]byte(`{"packages": {"node_modules/a": {}, "node_modules/b": {}, "node_modules/a/node_modules/b": {}, "node_modules/@s/c": {}}}`), &l); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, name, want string }{
		{"", "b", "node_modules/b"},
		{"node_modules/a", "b", "node_modules/a/node_modules/b"},
		{"node_modules/@s/c", "b", "node_modules/b"},
		{"node_modules/a/node_modules/b", "a", "node_modules/a"},
		{"node_modules/a", "none", ""},
	} {
		if got := l.resolve(c.from, c.name); got != c.want {
			t.Errorf("%s from %q: %q, want %q", c.name, c.from, got, c.want)
		}
	}
}
