package gdal

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// programs are those of an installed GDAL and how they are run: each in a process group
// and, where the system allows it, in an isolated network, with only the driver that the
// file needs, and with nothing of the caller's environment except the paths of programs
// and of GDAL's data.
type programs struct {
	ogr2ogr, ogrinfo string
	version          string        // "3.6.2"
	drivers          []string      // for vectors
	limit            time.Duration // of waiting for a program
	memory           uint64        // bytes of address space of a program; 0 for no limit
	isolated         bool          // in a network of its own
	home             string        // an empty folder, removed by close
}

// Limits of a program.
const (
	timeLimit   = 10 * time.Minute
	memoryLimit = 4 << 30
	listLimit   = 1 << 20 // bytes of a list of drivers or layers
)

// findPrograms looks for the programs on PATH and asks for their version and drivers.
func findPrograms(ctx context.Context, in record.Input) (*programs, error) {
	g := &programs{limit: timeLimit, memory: memoryLimit, isolated: true}
	for name, at := range map[string]*string{"ogr2ogr": &g.ogr2ogr, "ogrinfo": &g.ogrinfo} {
		found, err := exec.LookPath(name)
		if err != nil {
			return nil, lang.Errorf("%s is read by GDAL's program %s, which is not installed; install it (sudo "+
				"apt-get install "+
				"gdal-bin), or convert the file to GeoJSON, GeoPackage, Shapefile, CSV or XLSX: %w",
				in.Name, name, geo.ErrUnavailable)
		}
		*at = found
	}
	home, err := os.MkdirTemp("", "yizhan-gdal-")
	if err != nil {
		return nil, lang.Errorf("%s: no folder for temporary files (%v); set TMPDIR: %w",
			in.Name, record.Nameless(err), geo.ErrUnavailable)
	}
	g.home = home
	if err := g.ask(ctx); err != nil {
		return nil, errors.Join(lang.Errorf("%s: %w", in.Name, err), g.close())
	}
	return g, nil
}

func (g *programs) close() error { return os.RemoveAll(g.home) }

var (
	versionLine = regexp.MustCompile(`^GDAL ([0-9][0-9A-Za-z.]*)`)
	driverLine  = regexp.MustCompile(`(?m)^  ([^\n]+?) -[a-z, ]*vector[a-z, ]*- \(`)
)

// ask reads version and drivers. If the kernel refuses an isolated network, the programs
// run without one from then on.
func (g *programs) ask(ctx context.Context) error {
	text, err := g.run(ctx, nil, g.ogr2ogr, "--version")
	if err != nil && ctx.Err() == nil && g.isolated {
		g.isolated = false
		text, err = g.run(ctx, nil, g.ogr2ogr, "--version")
	}
	if err != nil {
		return err
	}
	version := versionLine.FindSubmatch(text)
	if version == nil {
		return lang.Errorf("%s --version printed %q, so it is not GDAL; reinstall gdal-bin: %w",
			g.ogr2ogr, record.Short(text), geo.ErrUnavailable)
	}
	g.version = string(version[1])
	if text, err = g.run(ctx, nil, g.ogrinfo, "--formats"); err != nil {
		return err
	}
	for _, match := range driverLine.FindAllSubmatch(text, -1) {
		g.drivers = append(g.drivers, string(match[1]))
	}
	return nil
}

// driver is the installed driver for a kind of file.
func (g *programs) driver(k kind) (string, error) {
	for _, name := range k.drivers {
		if slices.Contains(g.drivers, name) {
			return name, nil
		}
	}
	return "", lang.Errorf("the installed GDAL %s has no driver for %s (%s); install a full gdal-bin, "+
		"or convert the file to GeoJSON or GeoPackage: %w",
		g.version, k.title, lang.List(k.drivers), geo.ErrUnavailable)
}

// only is the setting that disables all other drivers. Unlike ogr2ogr's own option -if
// (GDAL 3.7), it also holds for data sets that are opened from within others.
func (g *programs) only(drivers ...string) string {
	var skipped []string
	for _, name := range g.drivers {
		if !slices.Contains(drivers, name) {
			skipped = append(skipped, name)
		}
	}
	return "GDAL_SKIP=" + strings.Join(skipped, ",") // separated by commas because names may contain spaces
}

// environment is that of every program. Proxies, credentials, a configuration in the
// caller's home and the caller's settings of GDAL are not passed on.
func (g *programs) environment(settings []string) []string {
	env := []string{
		"HOME=" + g.home, "TMPDIR=" + g.home, "CPL_TMPDIR=" + g.home, "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
		"PROJ_NETWORK=OFF", "GDAL_HTTP_TIMEOUT=1", "GDAL_HTTP_CONNECTTIMEOUT=1", "GDAL_HTTP_MAX_RETRY=0",
		"GDAL_HTTP_NETRC=NO",
		"CPL_VSIL_CURL_ALLOWED_EXTENSIONS=none", "CPL_VSIL_CURL_USE_HEAD=NO", "GML_DOWNLOAD_WFS_SCHEMA=NO",
		"GML_SKIP_RESOLVE_ELEMS=ALL",
		"OGR_SQLITE_LIST_VIRTUAL_OGR=NO", "SPATIALITE_SECURITY=strict", "CPL_DEBUG=OFF",
		"CPL_MAX_ERROR_REPORTS=50", "GDAL_CACHEMAX=64",
	}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "GDAL_DATA", "PROJ_LIB", "PROJ_DATA"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return append(env, settings...)
}

// run runs a program to its end and returns its output, at most listLimit bytes.
func (g *programs) run(ctx context.Context, settings []string, program string, args ...string) ([]byte, error) {
	p, err := g.start(ctx, settings, program, args...)
	if err != nil {
		return nil, err
	}
	defer p.Close() //nolint:errcheck // it has ended, or ends because of the error that is returned
	var text []byte
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.Read(buffer)
		if text = append(text, buffer[:n]...); len(text) > listLimit {
			return nil, lang.Errorf("%s printed a list longer than %d bytes; import a part of the file: %w",
				filepath.Base(program), listLimit, geo.ErrInvalid)
		}
		if p.ended {
			return text, p.fault
		}
		if err != nil {
			return nil, err
		}
	}
}
