package cluster

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"yizhan/internal/lang"
)

// What lies in the folder:
//
//	lock    held while the server is being started or stopped
//	users   held, shared, by every process that uses the server
//	pgdata  PostgreSQL's own
//	run     the unix socket
//	log     the server's log, a file per weekday
const (
	lockFile, usersFile = "lock", "users"
	dataName, newName   = "pgdata", "pgdata.new"
	runName, logName    = "run", "log"
)

// longestSocket is how many bytes the path of a socket may have: the kernel's
// limit is 107 and some clients stop earlier.
const longestSocket = 90

func dataFolder(dir string) string { return filepath.Join(dir, dataName) }

func (c *Cluster) path(name string) string { return filepath.Join(c.dir, name) }

// prepareFolder makes the folder the account's own and closed to others. A folder
// that holds something else is left alone.
func (c *Cluster) prepareFolder() error {
	if err := os.MkdirAll(filepath.Dir(c.dir), 0o755); err != nil {
		return lang.Errorf("data folder: %w", err)
	}
	if err := os.Mkdir(c.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return lang.Errorf("data folder: %w", err)
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return lang.Errorf("data folder: %w", err)
	}
	if uid, ok := owner(c.dir); !ok || (uid != c.account.uid && uid != os.Geteuid()) {
		return lang.Errorf("data folder %s belongs to another user; choose another with --data DIR", c.dir)
	}
	ours := slices.ContainsFunc(entries, func(entry fs.DirEntry) bool {
		return slices.Contains([]string{lockFile, usersFile, dataName}, entry.Name())
	})
	if len(entries) > 0 && !ours {
		return lang.Errorf("data folder %s contains other files; choose an empty or new one with --data DIR", c.dir)
	}
	return c.private(c.dir)
}

// private makes a folder of the account's own that nobody else can enter.
func (c *Cluster) private(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if uid, ok := owner(dir); !info.IsDir() || !ok || (uid != c.account.uid && uid != os.Geteuid()) {
		return lang.Errorf("%s belongs to another user", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	return c.account.give(dir)
}

// socketFolder is where the unix socket goes: inside the folder, or, when the
// path would be too long or hold what clients misread, in /tmp.
func socketFolder(dir string, uid int) string {
	inside := filepath.Join(dir, runName)
	if len(socketFile(inside)) <= longestSocket && !strings.ContainsAny(inside, "\n\"',\\") {
		return inside
	}
	sum := sha256.Sum256([]byte(dir))
	return fmt.Sprintf("/tmp/yizhan-%d-%x", uid, sum[:6])
}

// socketFile is what PostgreSQL calls the socket in its folder.
func socketFile(folder string) string {
	return filepath.Join(folder, fmt.Sprintf(".s.PGSQL.%d", port))
}

// dataVersion is the major version that made the data folder, 0 when there is none.
func dataVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, lang.Errorf("data folder: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, lang.Errorf("data folder %s: PG_VERSION: %w", data, err)
	}
	return major, nil
}

// write puts a file of the account's own into the data folder.
func (c *Cluster) write(data, name, text string) error {
	path := filepath.Join(data, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	return c.account.give(path)
}

// include adds a file of settings to the end of another.
func include(path, other string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "\ninclude = '%s'\n", other)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncFolder makes the names in a folder survive a power failure.
func syncFolder(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
