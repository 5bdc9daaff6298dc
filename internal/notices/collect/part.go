package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// part is one module or package of others.
type part struct {
	name, version string
	kind          string   // "golang" or "npm", as in its package URL
	licences      []string // SPDX identifiers
	texts         []text
	sha512        string // of the package as it is distributed, where that is known
	parts         []string
}

// text is one file of a licence.
type text struct{ name, body string }

// url is the package URL by which scanners know the part.
func (p part) url() string {
	name := strings.ReplaceAll(p.name, "@", "%40")
	if p.version == "" {
		return fmt.Sprintf("pkg:%s/%s", p.kind, name)
	}
	return fmt.Sprintf("pkg:%s/%s@%s", p.kind, name, strings.ReplaceAll(p.version, "+", "%2B"))
}

// licenceFile recognises the names of files that hold licences and notices.
var licenceFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|notice|patents|copyright)([-._][-._a-z0-9]*)?$`)

// textsIn are the licences in a folder, by name. prefix is put before their names.
func textsIn(folder, prefix string) (texts []text, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !licenceFile.MatchString(entry.Name()) ||
			strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, text{prefix + entry.Name(), tidy(string(body))})
	}
	return texts, nil
}

// tidy gives a text plain ends of lines.
func tidy(body string) string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(body, "\ufeff"), "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\f\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}

// known are the licences by phrases that only they have, the longer ones first.
var known = []struct {
	id      string
	phrases []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0, January 2004"}},
	{"MPL-2.0", []string{"Mozilla Public License Version 2.0"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms",
		"without specific prior written permission"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}},
	{"MIT", []string{"Permission is hereby granted, free of charge, to any person obtaining a copy"}},
	{"ISC", []string{"Permission to use, copy, modify, and",
		"distribute this software for any purpose with or without fee"}},
	{"blessing", []string{"The author disclaims copyright to this source code"}},
	{"Unlicense", []string{"This is free and unencumbered software released into the public domain"}},
	{"LicenseRef-public-domain", []string{"public domain"}},
}

// licencesOf are the licences that texts hold.
func licencesOf(texts []text) (ids []string) {
	for _, t := range texts {
		body := strings.ToLower(strings.Join(strings.Fields(t.body), " "))
		for _, one := range known {
			if strings.HasPrefix(one.id, "BSD-2") && slices.Contains(ids, "BSD-3-Clause") ||
				one.id == "LicenseRef-public-domain" && len(ids) > 0 {
				continue
			}
			all := !slices.ContainsFunc(one.phrases,
				func(phrase string) bool { return !strings.Contains(body, strings.ToLower(phrase)) })
			if all && !slices.Contains(ids, one.id) {
				ids = append(ids, one.id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func byName(a, b part) int {
	return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version))
}
