package archive

import (
	"context"
	"path/filepath"

	"yizhan/geo"
)

// Sink is an archive being written. Close it in the end, finished or not.
type Sink interface {
	// Next is the id of the first tile still to be added; all before it are in the archive.
	Next() uint64
	// Add stores a tile, packed with gzip; tiles come in the order of their ids.
	Add(t geo.Tile, packed []byte) error
	// Checkpoint makes sure that all tiles before the id survive an interruption.
	Checkpoint(next uint64) error
	// Finish writes the archive under its name and returns its size in bytes.
	Finish(About) (size int64, err error)
	// Tiles is how many tiles were added, and how many different contents they have.
	Tiles() (added, different int)
	Close() error
}

// Source is an archive being read. It serves one goroutine.
type Source interface {
	// Tile is the tile as it is packed, nil when the archive has none there.
	Tile(t geo.Tile) (packed []byte, err error)
	Metadata() map[string]any
	Close() error
}

// mbtiles ends the names of MBTiles archives; every other name is a PMTiles archive.
const mbtiles = ".mbtiles"

// Create begins the archive of that name, or resumes one begun with the same plan unless
// fresh is set. The plan is any text that says what the archive is to hold.
func Create(ctx context.Context, path, plan string, fresh bool) (Sink, error) {
	if filepath.Ext(path) == mbtiles {
		m, err := createMBTiles(ctx, path, plan, fresh)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
	w, err := createPMTiles(path, plan, fresh)
	if err != nil {
		return nil, err
	}
	return w, nil
}

// Open opens a finished archive.
func Open(ctx context.Context, path string) (Source, error) {
	if filepath.Ext(path) == mbtiles {
		m, err := openMBTiles(ctx, path)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
	r, err := openPMTiles(path)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Unfinished is the plan of an interrupted archive of that name, "" for none.
func Unfinished(ctx context.Context, path string) string {
	if filepath.Ext(path) == mbtiles {
		return unfinishedMBTiles(ctx, path)
	}
	return unfinishedPMTiles(path)
}
