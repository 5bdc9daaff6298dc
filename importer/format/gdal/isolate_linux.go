package gdal

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// isolation makes a program die with us and lead a process group. In a network of its
// own it has no interface but a loopback that is down; an ordinary account gets one only
// within a user namespace, where it is mapped to itself (user_namespaces(7)).
func isolation(network bool) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if !network {
		return attributes
	}
	attributes.Cloneflags = syscall.CLONE_NEWNET
	if uid, gid := os.Geteuid(), os.Getegid(); uid != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	}
	return attributes
}

// killGroup kills a process and whatever it started.
func killGroup(leader *os.Process) error { return syscall.Kill(-leader.Pid, syscall.SIGKILL) }

// limitMemory sets the most bytes of address space, so that a hostile file can exhaust
// the program but not the machine.
func limitMemory(pid int, most uint64) error {
	if most == 0 {
		return nil
	}
	limit := unix.Rlimit{Cur: most, Max: most}
	if err := unix.Prlimit(pid, unix.RLIMIT_AS, &limit, nil); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}
