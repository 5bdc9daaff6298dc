package account

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Account is an ordinary account of the operating system.
type Account struct {
	Name     string
	Home     string
	UID, GID int
}

// Named is the account of that name or number. It is geo.ErrInvalid for root.
func Named(name string) (Account, error) {
	known, err := user.Lookup(name)
	if _, number := strconv.Atoi(name); err != nil && number == nil {
		known, err = user.LookupId(name)
	}
	if err != nil {
		return Account{}, lang.Errorf("user %s not found; name an account of this machine with --user: %w", name, geo.ErrNotFound)
	}
	return of(known)
}

// OwnerOf is the account that a folder belongs to, when it is an ordinary one and the
// folder is closed to others, as that of a private PostgreSQL is.
func OwnerOf(folder string) (Account, bool) {
	info, err := os.Stat(folder)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o007 != 0 {
		return Account{}, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 {
		return Account{}, false
	}
	known, err := user.LookupId(strconv.Itoa(int(stat.Uid)))
	if err != nil {
		return Account{}, false
	}
	owner, err := of(known)
	return owner, err == nil
}

func of(known *user.User) (Account, error) {
	uid, errU := strconv.Atoi(known.Uid)
	gid, errG := strconv.Atoi(known.Gid)
	if errU != nil || errG != nil {
		return Account{}, lang.Errorf("user %s has no numeric ID: %w", known.Username, geo.ErrInvalid)
	}
	if uid == 0 || gid == 0 {
		return Account{}, lang.Errorf("user %s has root privileges; name an ordinary account with --user: %w", known.Username, geo.ErrInvalid)
	}
	return Account{Name: known.Username, Home: known.HomeDir, UID: uid, GID: gid}, nil
}

// roots are variables that speak of root's own folders.
var roots = []string{"HOME", "USER", "LOGNAME", "TMPDIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
	"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "MAIL"}

// environment is ours as the account should have it, with more variables added.
func (a Account) environment(more ...string) []string {
	var kept []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !contains(roots, name) && !set(more, name) {
			kept = append(kept, pair)
		}
	}
	if folder := os.Getenv("TMPDIR"); folder != "" && a.writes(folder) == nil {
		kept = append(kept, "TMPDIR="+folder)
	}
	return append(append(kept, "HOME="+a.Home, "USER="+a.Name, "LOGNAME="+a.Name), more...)
}

func contains(names []string, name string) bool {
	for _, one := range names {
		if one == name {
			return true
		}
	}
	return false
}

func set(pairs []string, name string) bool {
	for _, pair := range pairs {
		if strings.HasPrefix(pair, name+"=") {
			return true
		}
	}
	return false
}

// reads fails when the account cannot read a file, or a folder with all that is in it.
func (a Account) reads(path string) (err error) {
	failed := a.as(func() {
		err = filepath.WalkDir(path, func(at string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !entry.Type().IsRegular() && at != path {
				return nil
			}
			file, err := os.OpenFile(at, os.O_RDONLY|syscall.O_NONBLOCK, 0)
			if err != nil {
				return err
			}
			return file.Close()
		})
	})
	if failed != nil {
		return failed
	}
	return err
}

// enters fails when the account cannot get into the folder.
func (a Account) enters(folder string) (err error) {
	if failed := a.as(func() { _, err = os.Stat(folder + "/.") }); failed != nil {
		return failed
	}
	return err
}

// writes fails when the account cannot make files in the folder.
func (a Account) writes(folder string) (err error) {
	failed := a.as(func() {
		var file *os.File
		if file, err = os.CreateTemp(folder, ".yizhan-may-*"); err == nil {
			err = file.Close()
			os.Remove(file.Name())
		}
	})
	if failed != nil {
		return failed
	}
	return err
}
