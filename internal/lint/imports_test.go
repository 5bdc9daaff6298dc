package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// module begins the import path of every package of ours.
const module = "yizhan/"

// picture says which packages of ours each package may import. Tests may import
// internal/pgtest, internal/sample and importer/record/recordtest besides, and all may
// import internal/lang.
var picture = map[string][]string{
	"sql":                      {},
	"web":                      {},
	"internal/account":         {"geo"},
	"internal/cluster":         {},
	"internal/lint":            {},
	"internal/notices":         {},
	"internal/notices/collect": {},
	"internal/visible":         {},
	"internal/lang":            {},
	"geo":                      {},
	"geo/index":                {"geo"},
	"geo/cql":                  {"geo", "geo/index"},
	"tiles":                    {"geo", "geo/index", "tiles/tilestest"},
	"tiles/cache":              {"geo", "geo/index", "tiles", "tiles/tilestest"},
	"tiles/tilestest":          {"geo", "geo/index"},
	"tiles/archive":            {"sql", "geo"},
	"importer": {"geo", "importer/record", "importer/format", "importer/settings", "importer/crs",
		"importer/persons", "internal/visible"},
	"importer/settings": {"geo"},
	"importer/crs":      {"geo"},
	"importer/persons":  {"geo"},
	"internal/sample":   {"geo"},
	"internal/pg":       {"sql", "geo"},
	"internal/ledger":   {"sql", "geo", "geo/index", "importer", "importer/settings", "internal/pg"},
	"internal/merge": {"sql", "geo", "importer", "importer/record", "importer/format", "importer/settings",
		"importer/crs", "importer/persons", "internal/pg", "internal/ledger", "internal/visible"},
	"internal/queue": {"geo"},
	"internal/tileserve": {"geo", "geo/index", "geo/cql", "tiles", "tiles/cache", "internal/queue",
		"internal/replica"},
	"internal/export": {"geo", "geo/index", "tiles", "tiles/archive"},
	"internal/replica": {"sql", "geo", "geo/index", "tiles", "importer", "internal/pg", "internal/ledger",
		"internal/queue"},
	"internal/server": {"sql", "web", "geo", "geo/index", "tiles", "tiles/cache", "importer",
		"importer/record", "importer/format", "importer/settings", "importer/crs", "importer/persons", "internal/pg",
		"internal/ledger", "internal/merge", "internal/replica", "internal/queue", "internal/tileserve", "internal/jobs",
		"internal/live"},
	"internal/live": {"geo", "geo/index", "internal/ledger", "internal/queue", "internal/replica"},
	"internal/jobs": {"geo", "importer", "importer/record", "importer/format", "importer/settings",
		"importer/crs", "internal/ledger", "internal/merge"},
	"internal/pgtest": {"sql", "internal/cluster", "internal/pg"},
	"internal/bench": {"sql", "geo", "geo/index", "tiles", "importer", "importer/record", "importer/format",
		"importer/settings", "importer/crs", "importer/persons", "internal/sample", "internal/cluster", "internal/pg",
		"internal/ledger", "internal/merge", "internal/replica", "internal/server"},
	"internal/attack": {},
	"cmd/yizhan": {"sql", "web", "geo", "geo/index", "tiles", "tiles/archive", "importer",
		"importer/record", "importer/format", "importer/settings", "importer/crs", "importer/persons",
		"internal/sample", "internal/account", "internal/export", "internal/visible", "internal/notices",
		"internal/cluster", "internal/pg", "internal/ledger", "internal/merge", "internal/replica", "internal/server"},

	// Readers: the record, what several formats share, the table of formats, and the packages of
	// formats that may import more than the rest.
	"importer/record":            {"geo", "importer/settings"},
	"importer/record/recordtest": {"importer/record"},
	"importer/charset":           {"geo"},
	"importer/coords":            {"geo", "importer/record"},
	"importer/format/gpkg":       {"sql", "geo", "importer/record"},
	"importer/format/gdal": {"sql", "geo", "importer/record", "importer/charset", "importer/format/geojson",
		"importer/format/gpkg"},
	"importer/format": {"geo", "importer/record", "importer/charset"},
}

// readers are the packages of formats. One that the picture does not list may import these.
const readers = "importer/format/"

var forReaders = []string{"geo", "importer/record", "importer/charset", "importer/coords"}

// mayImport says which packages of ours a package may import; false when it is unknown.
func mayImport(folder string) ([]string, bool) {
	if may, known := picture[folder]; known {
		return may, true
	}
	return forReaders, strings.HasPrefix(folder, readers)
}

// drivers are packages of others that only some of ours may import. Tests may all.
var drivers = map[string][]string{
	"github.com/jackc/": {"internal/pg", "internal/ledger", "internal/merge", "internal/replica",
		"internal/pgtest", "internal/bench", "internal/attack"},
	"net/http":                            {"internal/server", "internal/bench", "internal/attack", "cmd/yizhan"},
	"github.com/go-chi/":                  {"internal/server"},
	"github.com/alecthomas/kong":          {"cmd/yizhan"},
	"github.com/prometheus/client_golang": {"internal/server", "internal/replica"},
}

// imports calls each for every import of the file.
func (f file) imports(each func(path, at string)) {
	for _, spec := range f.code.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			each(path, f.at(spec.Pos()))
		}
	}
}

func importOrder(t tree) (faults []string) {
	for _, f := range t.golang() {
		may, _ := mayImport(f.folder())
		may = append(slices.Clone(may), "internal/lang")
		if f.isTest() {
			may = append(may, f.folder(), "internal/pgtest", "internal/sample", "internal/pg", "internal/ledger",
				"internal/merge", "internal/cluster", "importer/record/recordtest")
		}
		f.imports(func(path, at string) {
			ours, ok := strings.CutPrefix(path, module)
			listed := f.folder() == "importer/format" && strings.HasPrefix(ours, readers)
			if ok && !listed && !slices.Contains(may, ours) {
				faults = append(faults, fmt.Sprintf("%s: %s may not import %s", at, f.folder(), ours))
			}
		})
	}
	return faults
}

func knownPackage(t tree) (faults []string) {
	for _, f := range t.golang() {
		if _, known := mayImport(f.folder()); !known {
			faults = append(faults,
				fmt.Sprintf("%s: package %s is not in the picture: draw it in docs/architecture.md and internal/lint",
					f.path, f.folder()))
		}
	}
	return faults
}

func foreignImports(t tree) (faults []string) {
	for _, f := range t.golang() {
		if f.isTest() {
			continue
		}
		f.imports(func(path, at string) {
			for driver, homes := range drivers {
				if strings.HasPrefix(path, driver) && !slices.Contains(homes, f.folder()) {
					faults = append(faults, fmt.Sprintf("%s: %s may not import %s", at, f.folder(), path))
				}
			}
		})
	}
	return faults
}
