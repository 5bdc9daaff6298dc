package main

import (
	"context"
	"path/filepath"

	"yizhan/geo"
	"yizhan/internal/account"
	"yizhan/tiles/archive"
)

// sink is an archive being written, of either format.
type sink interface {
	Next() uint64
	Add(t geo.Tile, packed []byte) error
	Checkpoint(next uint64) error
	Finish(archive.About) (int64, error)
	Tiles() (added, different int)
	Close() error
}

// source is an archive being read, of either format.
type source interface {
	Tile(t geo.Tile) (packed []byte, err error)
	Close() error
}

// inSQLite reports whether an archive is MBTiles, by its name.
func inSQLite(path string) bool { return filepath.Ext(path) == ".mbtiles" }

func create(ctx context.Context, path, plan string, fresh bool) (sink, error) {
	path = account.From(ctx).Output(path)
	if inSQLite(path) {
		return archive.CreateMBTiles(ctx, path, plan, fresh)
	}
	return archive.Create(path, plan, fresh)
}

// open opens an archive to be read, and reads what it says that it holds.
func open(ctx context.Context, path string) (r source, holds any, err error) {
	path = account.From(ctx).Output(path)
	if inSQLite(path) {
		r, err := archive.OpenMBTiles(ctx, path)
		if err != nil {
			return nil, nil, err
		}
		return r, r.Metadata[planKey], nil
	}
	file, err := archive.Open(path)
	if err != nil {
		return nil, nil, err
	}
	return file, file.Metadata[planKey], nil
}

func unfinished(ctx context.Context, path string) string {
	path = account.From(ctx).Output(path)
	if inSQLite(path) {
		return archive.UnfinishedMBTiles(ctx, path)
	}
	return archive.Unfinished(path)
}
