package cluster

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yizhan/internal/lang"
)

// oldest is the least major version of PostgreSQL that will do.
const oldest = 15

// tools are the programs that a folder must hold to be a server's.
var tools = []string{"initdb", "postgres", "pg_ctl", "createdb"}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// installation is one installed PostgreSQL.
type installation struct {
	bin     string // folder of its programs
	major   int
	postgis bool // PostGIS is installed beside it
}

// installations finds every PostgreSQL on this machine that is recent enough,
// those with PostGIS first, then the newest first.
func installations(ctx context.Context) []installation {
	var found []installation
	for _, bin := range candidates(ctx) {
		major, ok := majorVersion(ctx, bin)
		if !ok || slices.ContainsFunc(found, func(i installation) bool { return i.bin == bin }) {
			continue
		}
		found = append(found, installation{bin: bin, major: major, postgis: hasPostGIS(ctx, bin, major)})
	}
	slices.SortStableFunc(found, func(a, b installation) int {
		if a.postgis != b.postgis {
			if a.postgis {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.major, a.major)
	})
	return found
}

// candidates are folders that may hold a server's programs: what pg_config says,
// then where distributions put them, then the path.
func candidates(ctx context.Context) []string {
	var dirs []string
	if said, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(said)))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		dirs = append(dirs, matches...)
	}
	dirs = append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
	return slices.DeleteFunc(dirs, func(dir string) bool {
		return !filepath.IsAbs(dir) || slices.ContainsFunc(tools, func(tool string) bool { return !isProgram(filepath.Join(dir, tool)) })
	})
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func majorVersion(ctx context.Context, bin string) (int, bool) {
	said, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0, false
	}
	match := versionNumber.FindSubmatch(said)
	if match == nil {
		return 0, false
	}
	major, err := strconv.Atoi(string(match[1]))
	return major, err == nil && major >= oldest
}

// hasPostGIS looks for the file by which PostgreSQL itself knows an extension.
func hasPostGIS(ctx context.Context, bin string, major int) bool {
	shares := []string{
		fmt.Sprintf("/usr/share/postgresql/%d", major),
		filepath.Join(bin, "..", "share"),
		filepath.Join(bin, "..", "share", "postgresql"),
	}
	if said, err := exec.CommandContext(ctx, filepath.Join(bin, "pg_config"), "--sharedir").Output(); err == nil {
		shares = []string{strings.TrimSpace(string(said))}
	}
	return slices.ContainsFunc(shares, func(share string) bool {
		_, err := os.Stat(filepath.Join(share, "extension", "postgis.control"))
		return err == nil
	})
}

// choose picks the installation for a data folder of the given major version (0:
// a new one), or says in one sentence what is missing and the command that installs it.
func choose(found []installation, major int) (installation, error) {
	i := slices.IndexFunc(found, func(i installation) bool { return major == 0 || i.major == major })
	switch {
	case i >= 0 && found[i].postgis:
		return found[i], nil
	case i >= 0:
		return installation{}, lang.Errorf("PostGIS for PostgreSQL %d is not installed; run \"sudo apt-get install postgresql-%[1]d-postgis-3\": %w",
			found[i].major, ErrNotInstalled)
	case major != 0:
		return installation{}, lang.Errorf("PostgreSQL %d, which created the data folder, is not installed; run \"sudo apt-get install postgresql-%[1]d-postgis-3\": %w",
			major, ErrNotInstalled)
	default:
		return installation{}, lang.Errorf("PostgreSQL %d or later with PostGIS is not installed; run \"sudo apt-get install postgresql postgresql-postgis\": %w",
			oldest, ErrNotInstalled)
	}
}
