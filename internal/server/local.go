package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// longestSocket is how many bytes the path of a socket may have: the kernel's limit is
// 107 and some clients stop earlier.
const longestSocket = 100

// tokenBytes is the number of random bytes of a generated token.
const tokenBytes = 32

// Local is how the server's own account imports over HTTP: over a unix socket, or with a
// token in a file, made at start. Both are in a folder that no other account can enter, so
// they grant exactly what the account has.
type Local struct {
	SocketPath string // "" where the path would be too long
	TokenPath  string // of a file that curl takes as header: curl -H @FILE

	socket net.Listener
	token  string
}

// OpenLocal makes socket and token in a folder, which it makes when it is not there.
// Their names begin with the port of the server, so that several share a folder.
func OpenLocal(dir string, port int) (*Local, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, lang.Errorf("folder of socket and token: %w", err)
	}
	if err := ownFolder(dir); err != nil {
		return nil, lang.Errorf("folder of socket and token %s: %w", dir, err)
	}
	stem := filepath.Join(dir, strconv.Itoa(port))
	l := &Local{TokenPath: stem + ".token"}
	if path := stem + ".sock"; len(path) <= longestSocket {
		if l.socket, err = listenUnix(path); err != nil {
			return nil, err
		}
		l.SocketPath = path
	}
	if l.token, err = writeToken(l.TokenPath); err != nil {
		return nil, errors.Join(lang.Errorf("token %s: %w", l.TokenPath, err), l.Close())
	}
	return l, nil
}

// ownFolder makes a folder that only this account can enter, or finds one.
func ownFolder(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(owner.Uid) != os.Geteuid() {
		return lang.Errorf("the folder does not belong to the server's account; choose another one with --run-dir: %w",
			geo.ErrForbidden)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return lang.Errorf(
			"other accounts can enter the folder; run \"chmod 700 %s\" or choose another one with --run-dir: %w", dir,
			geo.ErrForbidden)
	}
	return nil
}

// listenUnix takes the place of a socket on which nobody listens any more.
func listenUnix(path string) (net.Listener, error) {
	const patience = time.Second
	if there, err := net.DialTimeout("unix", path, patience); err == nil {
		there.Close()
		return nil, lang.Errorf("another server is listening on %s; choose another folder with --run-dir: %w", path,
			geo.ErrConflict)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, lang.Errorf("socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, lang.Errorf("socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil { // until here the folder keeps others out
		return nil, errors.Join(lang.Errorf("socket: %w", err), l.Close())
	}
	return l, nil
}

// writeToken makes a token and writes the header that carries it. The file is a new
// one: whoever holds the former open does not read this.
func writeToken(path string) (string, error) {
	var random [tokenBytes]byte
	rand.Read(random[:])
	token := hex.EncodeToString(random[:])
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(f, "Authorization: Bearer %s\n", token)
	return token, errors.Join(err, f.Close())
}

// Close removes socket and token.
func (l *Local) Close() error {
	var err error
	if l.socket != nil {
		if err = l.socket.Close(); errors.Is(err, net.ErrClosed) {
			err = nil
		}
	}
	for _, path := range []string{l.SocketPath, l.TokenPath} {
		if path == "" {
			continue
		}
		if removeErr := os.Remove(path); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
	}
	return err
}
