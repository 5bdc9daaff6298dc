package cluster

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Lines of postmaster.pid, from its first.
const (
	linePID, lineSocket, lineStatus = 0, 4, 7
	pidFile                         = "postmaster.pid"
)

// postmaster is the server process that a data folder's postmaster.pid speaks of.
type postmaster struct {
	pid    int
	data   string
	socket string // folder of its unix socket
	status string // "starting", "ready", "stopping"
}

// readPostmaster reads postmaster.pid, which may be stale, half written or absent.
func readPostmaster(data string) (postmaster, bool) {
	text, err := os.ReadFile(filepath.Join(data, pidFile))
	if err != nil {
		return postmaster{}, false
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[linePID]))
	if err != nil || pid <= 1 {
		return postmaster{}, false
	}
	p := postmaster{pid: pid, data: data}
	if len(lines) > lineSocket {
		p.socket = strings.TrimSpace(lines[lineSocket])
	}
	if len(lines) > lineStatus {
		p.status = strings.TrimSpace(lines[lineStatus])
	}
	return p, true
}

// alive tells a running server from a file that a killed one left: after a
// restart of the machine its number may be anybody's, so the process must also
// sit in the data folder, as servers do. Where that cannot be seen, the number
// decides. A process that we may not signal is not our server.
func (p postmaster) alive() bool {
	if err := syscall.Kill(p.pid, 0); err != nil {
		return false
	}
	return sitsIn(p.pid, p.data) != no
}

// listens tells whether somebody takes calls at the server's socket.
func (p postmaster) listens(ctx context.Context) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socketFile(p.socket))
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

type answer int

const (
	unknown answer = iota
	yes
	no
)

// sitsIn tells whether a process has the folder as its working directory. A
// zombie has none.
func sitsIn(pid int, dir string) answer {
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		return unknown
	}
	at, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return no
	case err != nil:
		return unknown
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if at == dir {
		return yes
	}
	return no
}

// orphans are processes that outlive a killed postmaster of the data folder.
func orphans(data string) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err == nil && pid != os.Getpid() && sitsIn(pid, data) == yes && isServer(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// isServer tells a process of PostgreSQL from a shell that was left in its folder.
func isServer(pid int) bool {
	program, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "comm"))
	return err == nil && strings.HasPrefix(string(program), "postgres")
}
