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

// datasets are the extensions of files that are data sets by themselves or draw
// their siblings after them (.shp, .tab, .mif, .gml).
var datasets = []string{".shp", ".geojson", ".json", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl", ".csv", ".tsv",
	".xlsx", ".gpkg", ".dxf", ".kml", ".kmz", ".gml", ".tab", ".mif", ".fgb", ".gpx", ".sqlite", ".db", ".ods"}

// most files of a folder that are looked at, and of a list that is shown.
const (
	folderFiles = 10_000
	folderDepth = 8
	shownFiles  = 20
)

// dataset picks the one data set among the files of an archive or a folder: the
// one that inside names (its path, its base name, or that without extension; the
// table or sheet in it may follow behind a slash), or the only one. A single data
// set is picked whatever inside says, which then is for the data set itself: see
// within. A .txt file counts when there is nothing else; a .gdb folder counts as one.
func dataset(members []string, inside string) (string, error) {
	found, notes := candidates(members)
	if len(found) == 0 {
		found = notes
	}
	switch {
	case len(members) == 0:
		return "", lang.Errorf("there is nothing in it: %w", geo.ErrInvalid)
	case len(found) == 0:
		return "", lang.Errorf("there is no data set that can be read in it, only %s; a .shp, .geojson, .csv, .xlsx, .gpkg, .dxf or the like is wanted: %w", record.Quoted(members, shownFiles), geo.ErrInvalid)
	case len(found) == 1:
		return found[0], nil
	case inside == "":
		return "", lang.Errorf("there are %d data sets in it: %s; say which with --inside NAME: %w", len(found), record.Quoted(found, shownFiles), geo.ErrInvalid)
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
			return "", lang.Errorf("%q fits %d data sets: %s; say more of the path with --inside: %w", inside, len(hits), record.Quoted(hits, shownFiles), geo.ErrInvalid)
		}
	}
	return "", lang.Errorf("there is no data set %q in it; there are %s: %w", inside, record.Quoted(found, shownFiles), geo.ErrNotFound)
}

// named are the ways to name a member, the most exact first.
var named = []func(member, inside string) bool{
	func(member, inside string) bool { return member == inside || strings.HasPrefix(inside, member+"/") },
	func(member, inside string) bool { return strings.EqualFold(member, filepath.ToSlash(inside)) },
	func(member, inside string) bool { return strings.EqualFold(path.Base(member), inside) },
	func(member, inside string) bool { return strings.EqualFold(stem(path.Base(member)), inside) },
	func(member, inside string) bool { return strings.EqualFold(stem(member), inside) },
}

// within is what inside says of the picked data set itself, such as a table of a
// GeoPackage: all of it when it does not name the member, what follows it otherwise.
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

// candidates are the data sets among files, and the plain texts.
func candidates(members []string) (found, notes []string) {
	for _, member := range members {
		if base := geodatabase(member); base != "" {
			if !slices.Contains(found, base) {
				found = append(found, base)
			}
			continue
		}
		switch ext := extension(member); {
		case slices.Contains(datasets, ext):
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

// extension of a file in small letters, without the .gz of a packed one.
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

// folder picks the one data set of a folder, as dataset does. A folder that is a
// file geodatabase (.gdb) is the data set itself.
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
		return "", lang.Errorf("the folder %s: %w", at, err)
	}
	return filepath.Join(at, filepath.FromSlash(member)), nil
}

// folderMembers lists the files of a folder, with slashes; hidden folders and links to folders are left out.
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
			if relative != "." && (strings.HasPrefix(entry.Name(), ".") || strings.Count(relative, "/") >= folderDepth) {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || litter(relative) {
			return nil //nolint:nilerr // a dangling link is no data set
		}
		if members = append(members, relative); len(members) > folderFiles {
			return lang.Errorf("the folder %s has more than %d files; name the file itself: %w", at, folderFiles, geo.ErrInvalid)
		}
		return nil
	})
	if err != nil && len(members) <= folderFiles {
		return nil, record.Input{Name: at}.Unreadable(err)
	}
	return members, err
}
