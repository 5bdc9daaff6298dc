package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// linked is one package of the binary, as the go command lists it.
type linked struct {
	ImportPath string
	Dir        string
	Standard   bool
	Module     *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path string }
	}
}

// goParts are Go's library and the modules of which a package is linked into the binary.
// The platform is a fixed one, so that the list does not depend on who makes it.
func goParts(ctx context.Context, root string) ([]part, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-json=ImportPath,Dir,Standard,Module", "./cmd/yizhan")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOPROXY=off",
		"GOFLAGS=-mod=readonly")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	modules := map[string]*part{}
	folders := map[string]string{} // of each module
	list := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p linked
		if err := list.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Standard || p.Module == nil || p.Module.Main {
			continue
		}
		if p.Module.Replace != nil {
			return nil, fmt.Errorf("%s is replaced by %s: whose licence counts?", p.Module.Path, p.Module.Replace.Path)
		}
		m := modules[p.Module.Path]
		if m == nil {
			m = &part{name: p.Module.Path, version: p.Module.Version, kind: "golang"}
			modules[p.Module.Path], folders[p.Module.Path] = m, p.Module.Dir
		}
		if err := m.take(p.Module.Dir, p.Dir); err != nil {
			return nil, err
		}
	}
	library, err := goLibrary(ctx)
	if err != nil {
		return nil, err
	}
	parts := []part{library}
	for _, m := range modules {
		slices.SortFunc(m.texts, func(a, b text) int { return strings.Compare(a.name, b.name) })
		if m.licences = licencesOf(m.texts); len(m.licences) == 0 {
			return nil, fmt.Errorf("%s: no licence is recognised in %s", m.name, folders[m.name])
		}
		parts = append(parts, *m)
	}
	slices.SortFunc(parts[1:], byName)
	return parts, nil
}

// take adds the licences of a package's folder and of those above it in the module.
func (p *part) take(module, folder string) error {
	for at := folder; ; at = filepath.Dir(at) {
		within, err := filepath.Rel(module, at)
		if err != nil {
			return err
		}
		prefix := ""
		if within != "." {
			prefix = filepath.ToSlash(within) + "/"
		}
		texts, err := textsIn(at, prefix)
		if err != nil {
			return err
		}
		for _, one := range texts {
			if !slices.Contains(p.texts, one) {
				p.texts = append(p.texts, one)
			}
		}
		if within == "." || within == ".." {
			return nil
		}
	}
}

// goLibrary is Go's own library. Its version is the toolchain's, and so not said here.
func goLibrary(ctx context.Context) (part, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return part{}, fmt.Errorf("go env: %w", err)
	}
	for _, folder := range []string{strings.TrimSpace(string(out)), "/usr/share/doc/golang"} {
		if body, err := os.ReadFile(filepath.Join(folder, "LICENSE")); err == nil {
			texts := []text{{"LICENSE", tidy(string(body))}}
			return part{name: "std", kind: "golang", texts: texts, licences: licencesOf(texts)}, nil
		}
	}
	return part{}, errors.New("the licence of Go's library is not found below GOROOT")
}
