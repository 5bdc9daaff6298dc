package gdal

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"yizhan/internal/lang"
)

// files are the paths of what ogr2ogr will read, the main one first (of a .gdb folder all
// its files), and their size in total. Companion files are found in any letter case.
func (k kind) files(main string) (paths []string, size int64, err error) {
	info, err := os.Stat(main)
	if err != nil {
		return nil, 0, err
	}
	if info.IsDir() {
		return filesOf(main)
	}
	paths, size = []string{main}, info.Size()
	if len(k.companions) == 0 {
		return paths, size, nil
	}
	entries, err := os.ReadDir(filepath.Dir(main))
	if err != nil {
		return nil, 0, err
	}
	own := strings.TrimSuffix(filepath.Base(main), ".gz")
	own = strings.TrimSuffix(own, filepath.Ext(own))
	for _, entry := range entries {
		for _, ext := range k.companions {
			if !strings.EqualFold(entry.Name(), own+ext) {
				continue
			}
			if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
				paths, size = append(paths, filepath.Join(filepath.Dir(main), entry.Name())), size+info.Size()
			}
		}
	}
	return paths, size, nil
}

// folderFiles is the most files of a folder that is one data set.
const folderFiles = 10_000

// filesOf are the files of a folder in order of name, and their size in total.
func filesOf(folder string) (paths []string, size int64, err error) {
	err = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if paths, size = append(paths, name), size+info.Size(); len(paths) > folderFiles {
			return lang.Errorf("it contains more than %d files", folderFiles)
		}
		return nil
	})
	return paths, size, err
}
