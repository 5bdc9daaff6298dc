package jobs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// temporary is a folder of ours below that for temporary files, and what leads to it.
var temporary = regexp.MustCompile(
	`(?:/[^/\s"']*)*/yizhan-(?:uploads|unpacked|spool|gdal|rejected|sample)-[^/\s"':]*(?:/[0-9]+)?/?`)

// Pathless is a text without the folders of the server's files: their location is private,
// and means nothing to the sender.
func Pathless(text string) string {
	return temporary.ReplaceAllString(strings.ReplaceAll(text, os.TempDir()+"/yizhan-", "/yizhan-"), "")
}

// uploadsName begins the name of every server's folder of uploads.
const uploadsName = "yizhan-uploads-"

// Folder is the folder in which one server keeps its uploads. It is created when first
// needed, and locked as long as the server runs, so that others see that it is in use.
type Folder struct {
	Under string // "" for the system's folder of temporary files
	mu    sync.Mutex
	dir   string // "" until it was made
	lock  *os.File
}

// place makes a folder for one upload. Its last part is always "upload", so that
// messages that name a file by its folder read well; remove takes away its parent.
func (u *Folder) place() (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.make(); err != nil {
		return "", NoRoom(err)
	}
	parent, err := os.MkdirTemp(u.dir, "")
	if err != nil {
		return "", NoRoom(err)
	}
	dir := filepath.Join(parent, "upload")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", NoRoom(err)
	}
	return dir, nil
}

// NoRoom is the error of an upload that cannot be kept. It names no file.
func NoRoom(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return lang.Errorf("the upload could not be stored on the server's disk (%v); try again later: %w", err,
		geo.ErrUnavailable)
}

// make needs u.mu. A folder that another server cleaned up before it was locked is made
// again.
func (u *Folder) make() error {
	if u.dir != "" {
		return nil
	}
	for {
		dir, err := os.MkdirTemp(u.Under, uploadsName)
		if err != nil {
			return err
		}
		if lock := lockFolder(dir); lock != nil {
			u.dir, u.lock = dir, lock
			return nil
		}
	}
}

// lockFolder takes the lock of a folder, or returns nil when somebody has it or
// the folder is gone.
func lockFolder(dir string) *os.File {
	before, err := os.Lstat(dir)
	if err != nil || !before.IsDir() {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		after, err := os.Lstat(dir)
		if err == nil && os.SameFile(before, after) {
			return f
		}
	}
	f.Close()
	return nil
}

// Clean removes the folders of servers that no longer run, and returns how many.
func (u *Folder) Clean() (removed int, err error) {
	under := u.Under
	if under == "" {
		under = os.TempDir()
	}
	entries, err := os.ReadDir(under)
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), uploadsName) || !entry.IsDir() {
			continue
		}
		dir := filepath.Join(under, entry.Name())
		lock := lockFolder(dir)
		if lock == nil {
			continue
		}
		if removeErr := os.RemoveAll(dir); removeErr != nil {
			err = errors.Join(err, removeErr)
		} else {
			removed++
		}
		err = errors.Join(err, lock.Close())
	}
	return removed, err
}

// Close removes the folder.
func (u *Folder) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.dir == "" {
		return nil
	}
	err := errors.Join(os.RemoveAll(u.dir), u.lock.Close())
	u.dir, u.lock = "", nil
	return err
}

// Remove deletes one upload.
func Remove(dir string) error {
	if dir == "" {
		return nil
	}
	return os.RemoveAll(filepath.Dir(dir))
}
