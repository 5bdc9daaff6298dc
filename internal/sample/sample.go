package sample

import (
	"context"
	"os"
	"path/filepath"

	"yizhan/internal/lang"
)

// DefaultSeed gives the sample city that the documentation and the tests speak of.
const DefaultSeed uint64 = 411300

const note = "合成数据，仅供演示：不含真实人员、真实地址 | Synthetic data for demonstration: no real person, no real address. " +
	"Seats of the divisions: GeoNames, CC BY 4.0"

// subject is one layer and how its features are written.
type subject struct {
	layer string
	write func(*city, *sheet)
}

func subjects() []subject {
	return []subject{
		{"admin_area", writeDivisions},
		{"road", writeRoads},
		{"wall_site", writeWalls},
		{"green_plot", writeGreens},
		{"manhole", writeManholes},
		{"station", writeStations},
		{"catchment", writeCatchments},
		{"organisation", writeOrganisations},
		{"member", writeMembers},
		{"complaint", writeComplaints},
	}
}

// Layers lists the layers of the sample in the order in which they are loaded.
func Layers() []string {
	var names []string
	for _, s := range subjects() {
		names = append(names, s.layer)
	}
	return names
}

// Write makes the city of a seed and writes one <layer>.geojson per layer into dir,
// which is created if need be. After each file progress, if not nil, is told its path.
func Write(ctx context.Context, dir string, seed uint64, progress func(file string)) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return lang.Errorf("write the sample city: %w", err)
	}
	c, err := build(ctx, seed)
	if err != nil {
		return lang.Errorf("write the sample city: %w", err)
	}
	for _, s := range subjects() {
		if err := ctx.Err(); err != nil {
			return lang.Errorf("write the sample city: %w", err)
		}
		file := filepath.Join(dir, s.layer+".geojson")
		if err := writeFile(file, c, s); err != nil {
			return lang.Errorf("write layer %s of the sample city: %w", s.layer, err)
		}
		if progress != nil {
			progress(file)
		}
	}
	return nil
}

func writeFile(file string, c *city, s subject) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	out := newSheet(f, s.layer)
	s.write(c, out)
	if err := out.close(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
