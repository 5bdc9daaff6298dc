package format

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// nameless is an error of a temporary file without its name, which says nothing to who
// gave another file, and to others more than they need to know.
func nameless(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// Spool keeps a stream on disk, because a file is read more than once, and opens
// it. It goes with the File.
func Spool(ctx context.Context, r io.Reader, name string, o Options) (*File, error) {
	dir, err := os.MkdirTemp("", "yizhan-spool-")
	if err != nil {
		return nil, lang.Errorf("%s cannot be kept on disk (%v): %w", name, nameless(err), geo.ErrUnavailable)
	}
	remove := func() error { return os.RemoveAll(dir) }
	path := filepath.Join(dir, "stream")
	f, err := func() (*File, error) {
		w, err := os.Create(path)
		if err != nil {
			return nil, err
		}
		_, err = io.Copy(w, io.LimitReader(interruptible{ctx, r}, o.Limits.WithDefaults().UnpackedBytes))
		if err = errors.Join(err, w.Close()); err != nil {
			return nil, lang.Errorf("%s cannot be kept on disk (%v): %w", name, nameless(err), geo.ErrUnavailable)
		}
		return Open(ctx, path, o)
	}()
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	f.Name = name
	f.closers = append(f.closers, remove)
	return f, nil
}
