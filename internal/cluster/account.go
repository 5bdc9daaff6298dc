package cluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"yizhan/internal/lang"
)

// servant is who runs the server when root starts it: initdb and postgres refuse root.
const servant = "postgres"

// account is the operating system's user as whom the server and its tools run.
type account struct {
	name     string
	home     string
	uid, gid int
	switched bool // not ourselves: children change to it
}

// accountFor is the invoking user; for root, the owner of the data folder if
// there is one, else postgres.
func accountFor(data string) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		self := account{name: strconv.Itoa(uid), home: os.Getenv("HOME"), uid: uid, gid: os.Getegid()}
		if known, err := user.LookupId(self.name); err == nil {
			self.name = known.Username
		}
		return self, nil
	}
	if uid, ok := owner(data); ok && uid != 0 {
		known, err := user.LookupId(strconv.Itoa(uid))
		if err != nil {
			return account{}, lang.Errorf("data folder %s: determine its owner: %w", data, err)
		}
		return switchedTo(known)
	}
	known, err := user.Lookup(servant)
	if err != nil {
		return account{}, lang.Errorf("PostgreSQL does not run as root, and user %s does not exist; run yizhan as an ordinary user, or run \"adduser --system --group %s\"", servant, servant)
	}
	return switchedTo(known)
}

func switchedTo(known *user.User) (account, error) {
	uid, err := strconv.Atoi(known.Uid)
	if err != nil {
		return account{}, lang.Errorf("user %s: %w", known.Username, err)
	}
	gid, err := strconv.Atoi(known.Gid)
	if err != nil {
		return account{}, lang.Errorf("user %s: %w", known.Username, err)
	}
	return account{name: known.Username, home: known.HomeDir, uid: uid, gid: gid, switched: true}, nil
}

// owner is the user id of whom a file belongs to.
func owner(path string) (int, bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// command is a program that runs as the account, out of reach of the terminal's
// Ctrl-C, and dies with its children when ctx ends.
func (a account) command(ctx context.Context, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"HOME=" + a.home,
		"LC_ALL=C.UTF-8",
		"PATH=" + filepath.Dir(program) + ":/usr/local/bin:/usr/bin:/bin",
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// give makes the account the owner of a file of ours.
func (a account) give(path string) error {
	if !a.switched {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// reaches fails when the account cannot get into the folder, naming the first
// folder on the way that is closed to it.
func (a account) reaches(ctx context.Context, dir string) error {
	if !a.switched {
		return nil
	}
	var closed string
	for at := dir; ; at = filepath.Dir(at) {
		err := a.command(ctx, "/", "/usr/bin/test", "-x", at).Run()
		var refused *exec.ExitError
		if err != nil && !errors.As(err, &refused) {
			return lang.Errorf("run as user %s: %w", a.name, err)
		}
		if err != nil {
			closed = at
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if closed == "" {
		return nil
	}
	return lang.Errorf("data folder %s: PostgreSQL runs as user %s, which has no access to %s; choose another folder with --data DIR, such as /var/lib/yizhan",
		dir, a.name, closed)
}
