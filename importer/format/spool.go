package format

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Spool writes a stream to disk, because a file is read more than once, and opens it.
// Closing the File deletes it.
func Spool(ctx context.Context, r io.Reader, name string, o record.Options) (*record.File, error) {
	dir, err := os.MkdirTemp("", "yizhan-spool-")
	if err != nil {
		return nil, lang.Errorf("%s could not be written to disk (%v): %w", name, record.Nameless(err),
			geo.ErrUnavailable)
	}
	remove := func() error { return os.RemoveAll(dir) }
	path := filepath.Join(dir, "stream")
	f, err := func() (*record.File, error) {
		w, err := os.Create(path)
		if err != nil {
			return nil, err
		}
		_, err = io.Copy(w, io.LimitReader(record.Interruptible(ctx, r), o.Limits.WithDefaults().UnpackedBytes))
		if err = errors.Join(err, w.Close()); err != nil {
			return nil, lang.Errorf("%s could not be written to disk (%v): %w", name, record.Nameless(err),
				geo.ErrUnavailable)
		}
		return Open(ctx, path, o)
	}()
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	f.Name = name
	f.OnClose(remove)
	return f, nil
}
