package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// heading begins the notices, and names data of others, which no package manager lists.
const heading = `Third-party notices

Yizhan is under the Apache License 2.0. Its binary and the page in it contain the work
of others, listed here with their licences. The list is made by "make notices".

The seats of the divisions in the sample city are from GeoNames (geonames.org), under the
Creative Commons Attribution 4.0 licence.
`

// noticesOf is the text with every licence. One that was given before is named, not repeated.
func noticesOf(parts []part) string {
	var b strings.Builder
	b.WriteString(heading)
	given := map[string]string{}
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s\n%s: %s\n", strings.Repeat("=", 78), p.title(), strings.Join(p.licences, ", "))
		if len(p.texts) == 0 {
			fmt.Fprintf(&b, "\nThe package names its licence and comes without its text.\n")
		}
		for _, t := range p.texts {
			if before, ok := given[t.body]; ok {
				fmt.Fprintf(&b, "\n%s: as %s, above.\n", t.name, before)
				continue
			}
			given[t.body] = p.name + "'s " + t.name
			fmt.Fprintf(&b, "\n%s:\n\n%s", t.name, t.body)
		}
	}
	return b.String()
}

// title is a part as people name it.
func (p part) title() string {
	switch {
	case p.name == "std":
		return "Go's standard library"
	case p.kind == "npm":
		return p.name + " " + p.version + " (in the page)"
	}
	return p.name + " " + p.version
}

// What follows is the form of CycloneDX 1.6, of which this is all that is said.
type bill struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string   `json:"type"`
	Ref      string   `json:"bom-ref"`
	Name     string   `json:"name"`
	Version  string   `json:"version,omitempty"`
	Hashes   []hash   `json:"hashes,omitempty"`
	Licences []choice `json:"licenses,omitempty"`
	URL      string   `json:"purl,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

// choice is a licence: by identifier, by expression, or by a name that SPDX does not have.
type choice struct {
	Licence    *licence `json:"license,omitempty"`
	Expression string   `json:"expression,omitempty"`
}

type licence struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type dependency struct {
	Ref   string   `json:"ref"`
	Parts []string `json:"dependsOn,omitempty"`
}

// billOf is the bill of materials, without time and serial number, so that it changes
// with the parts alone.
func billOf(parts []part) ([]byte, error) {
	const whole = "yizhan"
	b := bill{Format: "CycloneDX", Spec: "1.6", Version: 1}
	b.Metadata.Component = component{Type: "application", Ref: whole, Name: whole,
		Licences: choices([]string{"Apache-2.0"})}
	top := dependency{Ref: whole}
	for _, p := range parts {
		one := component{Type: "library", Ref: p.url(), Name: p.name, Version: p.version, URL: p.url(),
			Licences: choices(p.licences)}
		if p.sha512 != "" {
			one.Hashes = []hash{{"SHA-512", p.sha512}}
		}
		b.Components = append(b.Components, one)
		b.Dependencies = append(b.Dependencies, dependency{Ref: p.url(), Parts: p.parts})
		top.Parts = append(top.Parts, p.url())
	}
	b.Dependencies = append([]dependency{top}, b.Dependencies...)
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

func choices(ids []string) (list []choice) {
	for _, id := range ids {
		switch {
		case strings.ContainsAny(id, " ("):
			return []choice{{Expression: id}}
		case strings.HasPrefix(id, "LicenseRef-"):
			list = append(list, choice{Licence: &licence{Name: strings.TrimPrefix(id, "LicenseRef-")}})
		default:
			list = append(list, choice{Licence: &licence{ID: id}})
		}
	}
	return list
}
