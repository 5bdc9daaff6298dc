package format

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

// gdal is an installed GDAL and how its programs are run: each in a process group
// and, where the system allows, a network of its own without a way out, with an
// environment that has nothing of the caller's but where programs and GDAL's own
// data lie, and with no driver but the one that the file needs.
type gdal struct {
	ogr2ogr, ogrinfo string
	version          string        // "3.6.2"
	drivers          []string      // for vectors
	limit            time.Duration // of waiting for a program
	memory           uint64        // bytes of address space of a program; 0 for no limit
	apart            bool          // in a network of its own
	home             string        // an empty folder, removed in the end
}

// What a program may take by default.
const (
	gdalTime   = 10 * time.Minute
	gdalMemory = 4 << 30
	gdalList   = 1 << 20 // bytes of a list of drivers or layers
)

// findGDAL looks for the programs on PATH and asks them what they can do.
func findGDAL(ctx context.Context, in record.Input) (*gdal, error) {
	g := &gdal{limit: gdalTime, memory: gdalMemory, apart: true}
	for name, at := range map[string]*string{"ogr2ogr": &g.ogr2ogr, "ogrinfo": &g.ogrinfo} {
		found, err := exec.LookPath(name)
		if err != nil {
			return nil, lang.Errorf("%s is in a format that GDAL's program %s reads, and it is not installed: sudo apt-get install gdal-bin, or convert the file to GeoJSON, GeoPackage, shapefile, CSV or XLSX: %w",
				in.Name, name, geo.ErrUnavailable)
		}
		*at = found
	}
	home, err := os.MkdirTemp("", "yizhan-gdal-")
	if err != nil {
		return nil, lang.Errorf("%s: no folder for temporary files (%v); set TMPDIR: %w", in.Name, record.Nameless(err), geo.ErrUnavailable)
	}
	g.home = home
	if err := g.ask(ctx); err != nil {
		return nil, errors.Join(lang.Errorf("%s: %w", in.Name, err), g.close())
	}
	return g, nil
}

func (g *gdal) close() error { return os.RemoveAll(g.home) }

var (
	gdalVersion = regexp.MustCompile(`^GDAL ([0-9][0-9A-Za-z.]*)`)
	gdalDriver  = regexp.MustCompile(`(?m)^  ([^\n]+?) -[a-z, ]*vector[a-z, ]*- \(`)
)

// ask learns version and drivers. When a network of its own is refused by the
// kernel, the programs run without one from then on.
func (g *gdal) ask(ctx context.Context) error {
	text, err := g.run(ctx, nil, g.ogr2ogr, "--version")
	if err != nil && ctx.Err() == nil && g.apart {
		g.apart = false
		text, err = g.run(ctx, nil, g.ogr2ogr, "--version")
	}
	if err != nil {
		return err
	}
	version := gdalVersion.FindSubmatch(text)
	if version == nil {
		return lang.Errorf("%s --version says %q, which is no GDAL; install gdal-bin anew: %w", g.ogr2ogr, record.Short(text), geo.ErrUnavailable)
	}
	g.version = string(version[1])
	if text, err = g.run(ctx, nil, g.ogrinfo, "--formats"); err != nil {
		return err
	}
	for _, match := range gdalDriver.FindAllSubmatch(text, -1) {
		g.drivers = append(g.drivers, string(match[1]))
	}
	return nil
}

// driver is the one that reads a kind of file.
func (g *gdal) driver(k gdalKind) (string, error) {
	for _, name := range k.drivers {
		if slices.Contains(g.drivers, name) {
			return name, nil
		}
	}
	return "", lang.Errorf("the installed GDAL %s has no driver for %s (%s); install a full gdal-bin or convert the file to GeoJSON or GeoPackage: %w",
		g.version, k.title, strings.Join(k.drivers, ", "), geo.ErrUnavailable)
}

// only is the setting that leaves GDAL no drivers but those. It holds for data
// sets opened from within others too, which ogr2ogr's own option -if (GDAL 3.7)
// does not.
func (g *gdal) only(drivers ...string) string {
	var skipped []string
	for _, name := range g.drivers {
		if !slices.Contains(drivers, name) {
			skipped = append(skipped, name)
		}
	}
	return "GDAL_SKIP=" + strings.Join(skipped, ",") // between commas, names may have spaces
}

// environment of every program. Proxies, credentials, a configuration in the
// caller's home and GDAL's own settings are not passed on.
func (g *gdal) environment(settings []string) []string {
	env := []string{
		"HOME=" + g.home, "TMPDIR=" + g.home, "CPL_TMPDIR=" + g.home, "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
		"PROJ_NETWORK=OFF", "GDAL_HTTP_TIMEOUT=1", "GDAL_HTTP_CONNECTTIMEOUT=1", "GDAL_HTTP_MAX_RETRY=0", "GDAL_HTTP_NETRC=NO",
		"CPL_VSIL_CURL_ALLOWED_EXTENSIONS=none", "CPL_VSIL_CURL_USE_HEAD=NO", "GML_DOWNLOAD_WFS_SCHEMA=NO", "GML_SKIP_RESOLVE_ELEMS=ALL",
		"OGR_SQLITE_LIST_VIRTUAL_OGR=NO", "SPATIALITE_SECURITY=strict", "CPL_DEBUG=OFF", "CPL_MAX_ERROR_REPORTS=50", "GDAL_CACHEMAX=64",
	}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "GDAL_DATA", "PROJ_LIB", "PROJ_DATA"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return append(env, settings...)
}

// run runs a program to its end and returns what it wrote, at most gdalList bytes.
func (g *gdal) run(ctx context.Context, settings []string, program string, args ...string) ([]byte, error) {
	p, err := g.start(ctx, settings, program, args...)
	if err != nil {
		return nil, err
	}
	defer p.Close() //nolint:errcheck // it is over, or is ended for the error that is returned
	var text []byte
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.Read(buffer)
		if text = append(text, buffer[:n]...); len(text) > gdalList {
			return nil, lang.Errorf("%s writes a list longer than %d bytes; import a part of the file: %w", filepath.Base(program), gdalList, geo.ErrInvalid)
		}
		if p.ended {
			return text, p.fault
		}
		if err != nil {
			return nil, err
		}
	}
}
