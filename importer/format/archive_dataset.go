package format

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// How many files of a folder are listed, how deep, and how many an error shows.
const (
	folderFiles = 10_000
	folderDepth = 8
	shownFiles  = 20
)

// dataset chooses a data set among the files of an archive or a folder: the one that
// inside names (its path, its base name, or that without extension; a table or sheet in it
// may follow after a slash), or the only one. If there is only one, inside may name what
// is in it: see within. A .txt file counts if there is nothing else; a .gdb folder is one.
func dataset(members []string, inside string) (string, error) {
	found, notes := candidates(members)
	if len(found) == 0 {
		found = notes
	}
	switch {
	case len(members) == 0:
		return "", lang.Errorf("it contains nothing: %w", geo.ErrInvalid)
	case len(found) == 0:
		return "", lang.Errorf("it contains no data set, only %s; expected %s: %w",
			record.Quoted(members, shownFiles), lang.List(Titles(Formats())), geo.ErrInvalid)
	case len(found) == 1:
		return found[0], nil
	case inside == "":
		return "", lang.Errorf("it contains %d data sets: %s; choose one with --inside NAME: %w",
			len(found), record.Quoted(found, shownFiles), geo.ErrInvalid)
	}
	for _, same := range named {
		var hits []string
		for _, member := range append(slices.Clone(found), notes...) {
			if same(member, inside) && !slices.Contains(hits, member) {
				hits = append(hits, member)
			}
		}
		if len(hits) == 1 {
			return hits[0], nil
		}
		if len(hits) > 1 {
			return "", lang.Errorf("%q matches %d data sets: %s; give more of the path with --inside: %w",
				inside, len(hits), record.Quoted(hits, shownFiles), geo.ErrInvalid)
		}
	}
	return "", lang.Errorf("data set %q not found among %s: %w", inside, record.Quoted(found, shownFiles),
		geo.ErrNotFound)
}

// named are the ways to name a member, the strictest first.
var named = []func(member, inside string) bool{
	func(member, inside string) bool { return member == inside || strings.HasPrefix(inside, member+"/") },
	func(member, inside string) bool { return strings.EqualFold(member, filepath.ToSlash(inside)) },
	func(member, inside string) bool { return strings.EqualFold(path.Base(member), inside) },
	func(member, inside string) bool { return strings.EqualFold(stem(path.Base(member)), inside) },
	func(member, inside string) bool { return strings.EqualFold(stem(member), inside) },
}

// within is the part of inside that concerns the chosen data set itself, such as a table
// of a GeoPackage: all of it if it does not name the member, otherwise what follows.
func within(member, inside string) string {
	if rest, ok := strings.CutPrefix(inside, member+"/"); ok {
		return rest
	}
	for _, same := range named {
		if same(member, inside) {
			return ""
		}
	}
	return inside
}

// candidates are the data sets among files, and separately the plain texts.
func candidates(members []string) (found, notes []string) {
	for _, member := range members {
		if base := geodatabase(member); base != "" {
			if !slices.Contains(found, base) {
				found = append(found, base)
			}
			continue
		}
		switch ext := extension(member); {
		case isDataset(ext) && ext != ".gdb":
			found = append(found, member)
		case ext == ".txt":
			notes = append(notes, member)
		}
	}
	slices.Sort(found)
	slices.Sort(notes)
	return found, notes
}

// geodatabase is the .gdb folder that a file lies in, "" when it lies in none.
func geodatabase(member string) string {
	parts := strings.Split(member, "/")
	for i, part := range parts[:len(parts)-1] {
		if strings.EqualFold(path.Ext(part), ".gdb") {
			return strings.Join(parts[:i+1], "/")
		}
	}
	return ""
}

// extension of a file in lower case, without that of gzip.
func extension(name string) string {
	return strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")))
}

// stem is a name without its extension.
func stem(name string) string {
	if cut, ok := strings.CutSuffix(name, ".gz"); ok {
		name = cut
	}
	return strings.TrimSuffix(name, path.Ext(name))
}

// folder chooses a data set of a folder, as dataset does. A .gdb folder is itself one.
func folder(at, inside string) (string, error) {
	if strings.EqualFold(filepath.Ext(filepath.Clean(at)), ".gdb") {
		return at, nil
	}
	members, err := folderMembers(at)
	if err != nil {
		return "", err
	}
	member, err := dataset(members, inside)
	if err != nil {
		return "", lang.Errorf("folder %s: %w", at, err)
	}
	return filepath.Join(at, filepath.FromSlash(member)), nil
}

// folderMembers lists the files of a folder, with slashes, without hidden folders and
// links to folders.
func folderMembers(at string) ([]string, error) {
	var members []string
	err := filepath.WalkDir(at, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(at, name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if entry.IsDir() {
			hidden := relative != "." && strings.HasPrefix(entry.Name(), ".")
			if hidden || strings.Count(relative, "/") >= folderDepth {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || litter(relative) {
			return nil //nolint:nilerr // a dangling link is not a data set
		}
		if members = append(members, relative); len(members) > folderFiles {
			return lang.Errorf("folder %s contains more than %d files; name the file itself: %w",
				at, folderFiles, geo.ErrInvalid)
		}
		return nil
	})
	if err != nil && len(members) <= folderFiles {
		return nil, record.Input{Name: at}.Unreadable(err)
	}
	return members, err
}
