package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"yizhan/internal/lang"
)

// deliveryVariable tells a process that it is the deliverer, and of what.
const deliveryVariable = "YIZHAN_DELIVERY"

// delivery is all that root's process does after the rights were given up: files whose
// names and places root fixed beforehand go from boxes of the account's to folders that
// the account cannot write in. It follows no link, and takes nothing that is not the account's.
type delivery struct {
	UID   int    `json:"uid"`
	Base  string `json:"base"` // root's folder with the boxes and copies
	Boxes []box  `json:"boxes"`
}

// box is a folder of the account's own that stands for another.
type box struct {
	Folder string   `json:"folder"`
	Stands string   `json:"stands"` // for this folder
	Names  []string `json:"names"`  // how the files' names may begin
	Lent   []string `json:"lent"`   // names that were there before, and go when they are gone here
}

// folder makes one of the account's own in the base, which only root can change.
func (d *delivery) folder(a Account, name string) (string, error) {
	if d.Base == "" {
		at := os.TempDir()
		if a.enters(at) != nil {
			at = "/tmp" // root's own variable names a folder of root's
		}
		base, err := os.MkdirTemp(at, "yizhan-root-")
		if err != nil {
			return "", err
		}
		d.Base = base
		if err := os.Chmod(base, 0o711); err != nil {
			return "", err
		}
	}
	folder := filepath.Join(d.Base, name)
	return folder, errors.Join(os.Mkdir(folder, 0o700), os.Lchown(folder, a.UID, a.GID))
}

// receive makes boxes for the outputs that the account cannot write where they belong.
func (a Account) receive(outputs []Output, h *Handover, d *delivery) error {
	for _, output := range outputs {
		stands := h.folderOf(output.Path)
		if info, err := os.Stat(stands); err != nil || !info.IsDir() || h.Boxes[stands] == "" && a.writes(stands) == nil {
			continue
		}
		name := filepath.Base(output.Path)
		i := slices.IndexFunc(d.Boxes, func(b box) bool { return b.Stands == stands })
		if i < 0 {
			folder, err := d.folder(a, fmt.Sprintf("out%d", len(d.Boxes)))
			if err != nil {
				return err
			}
			i = len(d.Boxes)
			d.Boxes = append(d.Boxes, box{Folder: folder, Stands: stands})
			h.Boxes[stands] = folder
		}
		d.Boxes[i].Names = append(d.Boxes[i].Names, name)
		if err := d.Boxes[i].lend(a, output); err != nil {
			return lang.Errorf("%s: %w", output.Path, err)
		}
	}
	return nil
}

// lend copies into the box what the command reads of the output's former self.
func (b *box) lend(a Account, output Output) error {
	entries, err := os.ReadDir(b.Stands)
	if err != nil {
		return err
	}
	name := filepath.Base(output.Path)
	for _, entry := range entries {
		former := output.Former && entry.Name() == name
		resumed := output.Resumed && strings.HasPrefix(entry.Name(), name+".part")
		if !entry.Type().IsRegular() || !former && !resumed {
			continue
		}
		if err := a.copyFile(filepath.Join(b.Stands, entry.Name()), filepath.Join(b.Folder, entry.Name()), false); err != nil {
			return err
		}
		if resumed {
			b.Lent = append(b.Lent, entry.Name())
		}
	}
	return nil
}

// start begins the deliverer, out of reach of the terminal, and is the descriptor by
// which it learns that there is something to deliver, or that the process has ended.
func (d *delivery) start() (int, error) {
	told, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return 0, err
	}
	syscall.CloseOnExec(pair[0])
	syscall.CloseOnExec(pair[1])
	ours, theirs := os.NewFile(uintptr(pair[0]), "deliverer"), os.NewFile(uintptr(pair[1]), "deliverer")
	defer ours.Close()
	defer theirs.Close()
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(program)
	cmd.Args = []string{"yizhan: deliverer"}
	cmd.Env = append(os.Environ(), deliveryVariable+"="+string(told))
	cmd.Stdin = theirs
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	d.Base = "" // the deliverer's now
	return inherited(ours)
}

// Delivers tells whether this process is the deliverer, and does its work to the end.
func Delivers() (bool, error) {
	told := os.Getenv(deliveryVariable)
	if told == "" {
		return false, nil
	}
	var d delivery
	if err := json.Unmarshal([]byte(told), &d); err != nil {
		return true, lang.Errorf("%s: %w", deliveryVariable, err)
	}
	asked, err := os.Stdin.Read(make([]byte, 1))
	if err != nil && !errors.Is(err, io.EOF) {
		return true, err
	}
	var fault error
	for _, b := range d.Boxes {
		fault = errors.Join(fault, b.deliver(d.UID))
	}
	fault = errors.Join(fault, d.clean())
	if asked == 0 {
		return true, fault
	}
	said := ""
	if fault != nil {
		said = fault.Error()
	}
	_, err = io.WriteString(os.Stdin, said)
	return true, err
}

// Deliver has the outputs put where they belong, when this process has done its work.
func (h Handover) Deliver() error {
	if h.Deliverer == 0 {
		return nil
	}
	deliverer := os.NewFile(uintptr(h.Deliverer), "deliverer")
	defer deliverer.Close()
	if _, err := deliverer.Write([]byte{'d'}); err != nil {
		return lang.Errorf("write the results as root: %w", err)
	}
	said, err := io.ReadAll(deliverer)
	if err != nil {
		return lang.Errorf("write the results as root: %w", err)
	}
	if len(said) > 0 {
		return errors.New(string(said))
	}
	return nil
}

// clean removes boxes and copies.
func (d *delivery) clean() error {
	if d.Base == "" {
		return nil
	}
	return os.RemoveAll(d.Base)
}

// deliver puts what the box holds where it belongs.
func (b box) deliver(uid int) error {
	entries, err := os.ReadDir(b.Folder)
	if err != nil {
		return err
	}
	var faults error
	there := map[string]bool{}
	for _, entry := range entries {
		if !slices.ContainsFunc(b.Names, func(name string) bool { return strings.HasPrefix(entry.Name(), name) }) {
			continue
		}
		there[entry.Name()] = true
		faults = errors.Join(faults, b.deliverFile(entry.Name(), uid))
	}
	for _, name := range b.Lent {
		if there[name] {
			continue
		}
		if err := os.Remove(filepath.Join(b.Stands, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = errors.Join(faults, err)
		}
	}
	return faults
}

// deliverFile copies one file from an open descriptor, whole or not at all.
func (b box) deliverFile(name string, uid int) error {
	from, err := os.OpenFile(filepath.Join(b.Folder, name), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || !info.Mode().IsRegular() || int(stat.Uid) != uid {
		return lang.Errorf("%s does not belong to the account", name)
	}
	to := filepath.Join(b.Stands, name)
	if was, err := os.Lstat(to); err == nil && was.Mode().IsRegular() && was.Size() == info.Size() && was.ModTime().Equal(info.ModTime()) {
		return nil // as it was lent
	}
	file, err := os.CreateTemp(b.Stands, ".yizhan-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = io.Copy(file, from)
	err = errors.Join(err, file.Chmod(info.Mode().Perm()&0o644|0o600), file.Sync(), file.Close())
	if err != nil {
		return lang.Errorf("%s: %w", to, err)
	}
	return os.Rename(file.Name(), to)
}
