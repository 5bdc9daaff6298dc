package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// lock is npm's list of what is installed, by folder.
type lock struct {
	Packages map[string]struct {
		Version      string            `json:"version"`
		License      string            `json:"license"`
		Integrity    string            `json:"integrity"`
		Dependencies map[string]string `json:"dependencies"`
	} `json:"packages"`
}

// imported finds the name in an import that is there when the page runs.
var imported = regexp.MustCompile(`(?m)^import\s+(?:(type\s)?[^"';]*from\s*)?"([^".][^"]*)"`)

// npmParts are the packages that the page imports, with all that they need.
func npmParts(root string) ([]part, error) {
	body, err := os.ReadFile(filepath.Join(root, "web", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var l lock
	if err := json.Unmarshal(body, &l); err != nil {
		return nil, fmt.Errorf("web/package-lock.json: %w", err)
	}
	names, err := pageImports(filepath.Join(root, "web", "src"))
	if err != nil {
		return nil, err
	}
	found := map[string]part{}
	for _, name := range names {
		if _, err := l.take(root, "", name, found); err != nil {
			return nil, err
		}
	}
	var parts []part
	for _, p := range found {
		parts = append(parts, p)
	}
	slices.SortFunc(parts, byName)
	return parts, nil
}

// pageImports are the packages that files of the page import.
func pageImports(folder string) (names []string, err error) {
	err = filepath.WalkDir(folder, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(at) != ".ts" {
			return err
		}
		body, err := os.ReadFile(at)
		for _, match := range imported.FindAllStringSubmatch(string(body), -1) {
			name := packageOf(match[2])
			if match[1] == "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s imports no package", folder)
	}
	return names, err
}

// packageOf is the package of a file that is imported: "@a/b" of "@a/b/c.css".
func packageOf(file string) string {
	steps := strings.Split(file, "/")
	if strings.HasPrefix(file, "@") && len(steps) > 1 {
		return path.Join(steps[:2]...)
	}
	return steps[0]
}

// take adds a package and what it needs, and returns its URL. Types alone are not shipped.
func (l lock) take(root, from, name string, found map[string]part) (string, error) {
	if strings.HasPrefix(name, "@types/") {
		return "", nil
	}
	at := l.resolve(from, name)
	if at == "" {
		return "", fmt.Errorf("package %s is not in web/package-lock.json", name)
	}
	if p, ok := found[at]; ok {
		return p.url(), nil
	}
	is := l.Packages[at]
	p := part{name: name, version: is.Version, kind: "npm"}
	texts, err := textsIn(filepath.Join(root, "web", filepath.FromSlash(at)), "")
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("package %s is not installed; type \"make viewer\": %w", name, err)
	}
	if err != nil {
		return "", err
	}
	if p.texts = texts; is.License == "" {
		return "", fmt.Errorf("package %s does not say its licence", name)
	}
	p.licences = []string{is.License}
	if sum, ok := strings.CutPrefix(is.Integrity, "sha512-"); ok {
		raw, err := base64.StdEncoding.DecodeString(sum)
		if err != nil {
			return "", fmt.Errorf("package %s: integrity: %w", name, err)
		}
		p.sha512 = hex.EncodeToString(raw)
	}
	found[at] = p // before what it needs, which may need it
	for need := range is.Dependencies {
		url, err := l.take(root, at, need, found)
		if err != nil {
			return "", err
		}
		if url != "" {
			p.parts = append(p.parts, url)
		}
	}
	slices.Sort(p.parts)
	found[at] = p
	return p.url(), nil
}

// resolve finds the folder of a package as Node does: in the nearest node_modules.
func (l lock) resolve(from, name string) string {
	for {
		at := path.Join(from, "node_modules", name)
		if _, ok := l.Packages[at]; ok {
			return at
		}
		if from == "" {
			return ""
		}
		from, _ = path.Split(strings.TrimSuffix(from, "/"))
		from = strings.TrimSuffix(strings.TrimSuffix(from, "/"), "node_modules")
		from = strings.TrimSuffix(from, "/")
	}
}
