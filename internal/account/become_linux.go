package account

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// self is the program that runs, wherever it lies: also in a folder closed to the account.
const self = "/proc/self/exe"

// drop makes the calling thread the account, without further groups, capabilities or a
// way back. The system calls are those of one thread on purpose: exec keeps the calling
// thread's rights and ends all others.
func (a Account) drop() error {
	for _, step := range []struct {
		what         string
		call         uintptr
		one, two, tr uintptr
	}{
		{"PR_SET_NO_NEW_PRIVS", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0},
		{"setgroups", unix.SYS_SETGROUPS, 0, 0, 0},
		{"setresgid", unix.SYS_SETRESGID, uintptr(a.GID), uintptr(a.GID), uintptr(a.GID)},
		{"setresuid", unix.SYS_SETRESUID, uintptr(a.UID), uintptr(a.UID), uintptr(a.UID)},
	} {
		if _, _, fault := unix.RawSyscall6(step.call, step.one, step.two, step.tr, 0, 0, 0); fault != 0 {
			return a.refused(step.what, fault)
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return a.refused("PR_CAP_AMBIENT", err)
	}
	none := [2]unix.CapUserData{}
	if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]); err != nil {
		return a.refused("capset", err)
	}
	r, e, s := unix.Getresuid()
	rg, eg, sg := unix.Getresgid()
	if r != a.UID || e != a.UID || s != a.UID || rg != a.GID || eg != a.GID || sg != a.GID {
		return a.refused("setresuid", syscall.EPERM)
	}
	return nil
}

func (a Account) refused(call string, fault error) error {
	return lang.Errorf("yizhan does not run as root and cannot switch to user %s here (%s: %v); start it as an ordinary user: %w",
		a.Name, call, fault, geo.ErrForbidden)
}

// as does something with the rights of the account, on a thread that ends with it.
func (a Account) as(do func()) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: no other work may run on this thread
		err := a.drop()
		if err == nil {
			do()
		}
		done <- err
	}()
	return <-done
}

// replace restarts the program as the account, in the place of this process.
func (a Account) replace(args, environment []string) error {
	program := self
	if info, err := os.Stat(self); err != nil || info.Mode().Perm()&0o001 == 0 {
		copied, err := inMemory()
		if err != nil {
			return lang.Errorf("copy the program for user %s: %w", a.Name, err)
		}
		defer copied.Close()
		program = fmt.Sprintf("/proc/self/fd/%d", copied.Fd())
	}
	runtime.LockOSThread()
	if err := a.drop(); err != nil {
		return err
	}
	err := syscall.Exec(program, args, environment)
	return lang.Errorf("restart as user %s: %w", a.Name, err)
}

// inMemory is a copy of the program that everybody may run, for one that only root may.
func inMemory() (*os.File, error) {
	from, err := os.Open(self)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	fd, err := unix.MemfdCreate("yizhan", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	to := os.NewFile(uintptr(fd), "yizhan")
	if _, err := to.ReadFrom(from); err != nil {
		return nil, errors.Join(err, to.Close())
	}
	if err := to.Chmod(0o555); err != nil {
		return nil, errors.Join(err, to.Close())
	}
	return to, nil
}
