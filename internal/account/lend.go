package account

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// alone are the endings of files that are read without others beside them.
var alone = []string{".csv", ".geojson", ".json", ".xlsx", ".zip", ".gz", ".gpkg"}

// lend copies the inputs that the account cannot read to where it can.
func (a Account) lend(inputs []string, h *Handover, d *delivery) error {
	for i, path := range inputs {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return lang.Errorf("%s not found: %w", path, geo.ErrNotFound)
		}
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue // whoever reads it says what is wrong
		}
		files := []string{path}
		if !info.IsDir() {
			files = append(files, beside(path)...)
		}
		if !slices.ContainsFunc(files, func(at string) bool { return a.reads(at) != nil }) {
			continue
		}
		folder, err := d.folder(a, fmt.Sprintf("in%d", i))
		if err != nil {
			return err
		}
		to := filepath.Join(folder, filepath.Base(path))
		if info.IsDir() {
			err = a.copyFolder(path, to)
		} else {
			err = a.copyFiles(files, folder)
		}
		if err != nil {
			return lang.Errorf("%s is not readable by user %s and could not be copied (%v); move it to a folder that user can read: %w",
				path, a.Name, err, geo.ErrForbidden)
		}
		h.Inputs[path] = to
	}
	return nil
}

// beside are the files that belong to one by their names, such as a Shapefile's.
func beside(path string) (files []string) {
	name := filepath.Base(path)
	stem := strings.TrimSuffix(name, filepath.Ext(name)) + "."
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	lone := slices.Contains(alone, strings.ToLower(filepath.Ext(name)))
	for _, entry := range entries {
		belongs := strings.HasPrefix(entry.Name(), name+"-") || !lone && strings.HasPrefix(entry.Name(), stem)
		if belongs && entry.Name() != name && entry.Type().IsRegular() {
			files = append(files, filepath.Join(filepath.Dir(path), entry.Name()))
		}
	}
	return files
}

// copyFiles copies files into a folder; only the first may be a link.
func (a Account) copyFiles(files []string, folder string) error {
	for i, path := range files {
		if err := a.copyFile(path, filepath.Join(folder, filepath.Base(path)), i == 0); err != nil {
			return err
		}
	}
	return nil
}

// copyFolder copies the regular files of a folder.
func (a Account) copyFolder(from, to string) error {
	if real, err := filepath.EvalSymlinks(from); err == nil {
		from = real
	}
	return filepath.WalkDir(from, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		target := filepath.Join(to, within)
		switch {
		case entry.IsDir():
			return errors.Join(os.Mkdir(target, 0o700), os.Lchown(target, a.UID, a.GID))
		case entry.Type().IsRegular():
			return a.copyFile(at, target, false)
		}
		return nil
	})
}

// copyFile makes a file of the account's own with what another holds, as old as that is.
func (a Account) copyFile(path, to string, follow bool) error {
	mode := os.O_RDONLY | syscall.O_NONBLOCK
	if !follow {
		mode |= syscall.O_NOFOLLOW
	}
	from, err := os.OpenFile(path, mode, 0)
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return lang.Errorf("%s is not a regular file", path)
	}
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Chown(a.UID, a.GID), file.Close(), os.Chtimes(to, info.ModTime(), info.ModTime()))
}
