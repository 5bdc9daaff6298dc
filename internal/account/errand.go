package account

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"yizhan/internal/lang"
)

// handoverVariable is where the process as root tells itself as the account what it prepared.
const handoverVariable = "YIZHAN_HANDOVER"

// Errand is what a command needs of root before it gives root's rights up.
type Errand struct {
	Inputs      []string // files and folders that it reads
	Outputs     []Output // files that it writes
	Listen      []string // TCP addresses that it serves on
	Environment []string // more variables
}

// Output is a file that a command writes, or files whose names begin alike.
type Output struct {
	Path    string
	Former  bool // what is there is read too
	Resumed bool // so is what an interrupted command left
}

// Handover is what root prepared. The zero value is that of a process that root did not start.
type Handover struct {
	By        string            `json:"by"`        // who started the program
	Folder    string            `json:"folder"`    // where, which may be closed to the account
	Inputs    map[string]string `json:"inputs"`    // copies, by the path as it was given
	Boxes     map[string]string `json:"boxes"`     // folders to write into, by the folder meant
	Listeners map[string]int    `json:"listeners"` // descriptors, by address
	Deliverer int               `json:"deliverer"` // descriptor of the process that delivers; 0: none
}

// Become restarts the program as the account, with the same process ID, terminal and
// arguments. It returns only when that fails.
func (a Account) Become(args []string, e Errand) (err error) {
	h := Handover{By: "root", Inputs: map[string]string{}, Boxes: map[string]string{}, Listeners: map[string]int{}}
	if h.Folder, err = os.Getwd(); err != nil {
		return err
	}
	d := delivery{UID: a.UID}
	defer func() { err = errors.Join(err, d.clean()) }()
	if err := a.lend(e.Inputs, &h, &d); err != nil {
		return err
	}
	if err := a.receive(e.Outputs, &h, &d); err != nil {
		return err
	}
	for _, address := range e.Listen {
		if err := h.listen(address); err != nil {
			return err
		}
	}
	if d.Base != "" {
		if h.Deliverer, err = d.start(); err != nil {
			return lang.Errorf("restart as user %s: %w", a.Name, err)
		}
	}
	told, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return a.replace(args, a.environment(append(e.Environment, handoverVariable+"="+string(told))...))
}

// listen opens a port that only root may open, for the account to serve on.
func (h *Handover) listen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil // whoever serves says so
	}
	if n, err := strconv.Atoi(port); err != nil || n == 0 || n >= 1024 {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil // likewise
	}
	defer listener.Close()
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	defer file.Close()
	h.Listeners[address], err = inherited(file)
	return err
}

// inherited is a descriptor of the file that exec does not close.
func inherited(file *os.File) (int, error) {
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		return 0, lang.Errorf("%s: %w", file.Name(), err)
	}
	return fd, nil
}

// Received is what root prepared for this process; children see nothing of it.
func Received() (h Handover, err error) {
	told := os.Getenv(handoverVariable)
	if told == "" {
		return h, nil
	}
	if err := json.Unmarshal([]byte(told), &h); err != nil {
		return h, lang.Errorf("%s: %w", handoverVariable, err)
	}
	for _, fd := range h.Listeners {
		syscall.CloseOnExec(fd)
	}
	if h.Deliverer != 0 {
		syscall.CloseOnExec(h.Deliverer)
	}
	return h, os.Unsetenv(handoverVariable)
}

// handoverKey is the context's key of the handover.
type handoverKey struct{}

// With is a context that knows what root prepared.
func (h Handover) With(ctx context.Context) context.Context {
	return context.WithValue(ctx, handoverKey{}, h)
}

// From is the handover that a context knows; its zero value without one.
func From(ctx context.Context) Handover {
	h, _ := ctx.Value(handoverKey{}).(Handover)
	return h
}

// Input is where a file lies that is to be read.
func (h Handover) Input(path string) string {
	if copied, ok := h.Inputs[path]; ok {
		return copied
	}
	return path
}

// Output is where to write a file that is to appear at the path.
func (h Handover) Output(path string) string {
	if box, ok := h.Boxes[h.folderOf(path)]; ok {
		return filepath.Join(box, filepath.Base(path))
	}
	return path
}

// folderOf is the folder that a file lies in.
func (h Handover) folderOf(path string) string {
	folder := filepath.Dir(path)
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(h.Folder, folder)
	}
	return folder
}

// Listener is one on the address: root's, or a new one.
func (h Handover) Listener(address string) (net.Listener, error) {
	fd, ok := h.Listeners[address]
	if !ok {
		return net.Listen("tcp", address)
	}
	file := os.NewFile(uintptr(fd), address)
	defer file.Close()
	return net.FileListener(file)
}
