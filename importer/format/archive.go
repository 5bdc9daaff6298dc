package format

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// An archive that unpacks to more than bombRatio times its own size is refused once
// bombFree bytes are written. Deflate reaches about 1000, survey files about 20.
const (
	bombRatio = 200
	bombFree  = 64 << 20
)

// unpackZip unpacks a zip archive (PKWARE APPNOTE 6.3) into a new folder, which the caller
// removes; after an error nothing is left. Members are the unpacked files, relative to dir
// and with slashes, in the order of the archive. Archives within the archive stay packed.
// Declared sizes are ignored: bytes are counted as they are written. A name that leads out
// of the folder, a link, an encrypted entry or a repeated name refuses the whole archive.
func unpackZip(ctx context.Context, in record.Input) (dir string, members []string, err error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return "", nil, in.Unreadable(err)
	}
	defer f.Close()
	u := unpacker{in: in}
	entries, err := u.directory(f)
	if err != nil {
		return "", nil, err
	}
	plan, err := u.plan(entries)
	if err != nil {
		return "", nil, err
	}
	dir, err = os.MkdirTemp("", "yizhan-unpacked-")
	if err != nil {
		return "", nil, lang.Errorf("%s could not be unpacked: no folder for temporary files (%v); set TMPDIR: %w",
			in.Name, record.Nameless(err), geo.ErrUnavailable)
	}
	if err := u.unpack(ctx, dir, plan); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	for _, p := range plan {
		members = append(members, p.name)
	}
	return dir, members, nil
}

// unpacker unpacks one archive.
type unpacker struct {
	in     record.Input
	packed int64 // bytes of the archive
	out    int64 // bytes written so far
}

// planned is an entry that will be a file.
type planned struct {
	name  string // within the folder, with slashes
	entry *zip.File
}

// directory reads the list of entries. The declared number may be wrong, so reading stops
// after as many bytes as the permitted entries could need.
func (u *unpacker) directory(f *os.File) ([]*zip.File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, u.in.Unreadable(err)
	}
	u.packed = info.Size()
	most := u.in.Options.WithDefaults().Entries
	budget := &budgeted{r: f, left: 1<<20 + int64(most)*1024}
	archive, err := zip.NewReader(budget, info.Size())
	switch {
	case budget.left < 0 || err == nil && len(archive.File) > most:
		return nil, lang.Errorf("%s contains more than %d entries; unpack it and import the data set alone: %w",
			u.in.Name, most, geo.ErrInvalid)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // unsafe names are reported by name later
		return nil, u.in.Damaged(err)
	}
	budget.left = 1<<63 - 1
	return archive.File, nil
}

// budgeted fails after a number of bytes.
type budgeted struct {
	r    io.ReaderAt
	left int64
}

func (b *budgeted) ReadAt(p []byte, offset int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, lang.Errorf("its directory is too long")
	}
	return b.r.ReadAt(p, offset)
}

// plan checks every entry before the first is unpacked.
func (u *unpacker) plan(entries []*zip.File) ([]planned, error) {
	var plan []planned
	seen := make(map[string]bool)
	for _, entry := range entries {
		name, err := u.name(entry)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, "/") || litter(name) {
			continue
		}
		if entry.Flags&1 != 0 { // APPNOTE 4.4.4, bit 0
			return nil, lang.Errorf("%s: entry %q is encrypted; unpack it yourself and import its contents: %w",
				u.in.Name, name, geo.ErrInvalid)
		}
		if entry.Method != zip.Store && entry.Method != zip.Deflate {
			return nil,
				lang.Errorf(
					"%s: entry %q is compressed by method %d, but only deflate is supported; unpack it yourself: %w",
					u.in.Name, name, entry.Method, geo.ErrInvalid)
		}
		key := strings.ToLower(name)
		if seen[key] {
			return nil,
				lang.Errorf("%s: two entries are named %q (ignoring case); pack it again without one of them: %w",
					u.in.Name, name, geo.ErrInvalid)
		}
		seen[key] = true
		plan = append(plan, planned{name, entry})
	}
	return plan, nil
}

// name is the safe name of an entry in UTF-8, with slashes; a folder's ends in one.
func (u *unpacker) name(entry *zip.File) (string, error) {
	decoded, err := entryName(entry.Name)
	if err == nil {
		err = outside(decoded)
	}
	if mode := entry.Mode(); err == nil && mode&(fs.ModeType&^fs.ModeDir) != 0 {
		err = lang.Errorf("it is a link or a device")
	}
	if err != nil {
		return "", lang.Errorf("%s: entry %q is not safe to unpack (%v); pack the data again: %w",
			u.in.Name, record.Short(decoded), err, geo.ErrInvalid)
	}
	if cleaned := path.Clean(decoded); strings.HasSuffix(decoded, "/") {
		return cleaned + "/", nil
	} else {
		return cleaned, nil
	}
}

// unpack writes the planned files.
func (u *unpacker) unpack(ctx context.Context, dir string, plan []planned) error {
	root, err := os.OpenRoot(dir) // a second guard: it opens nothing outside
	if err != nil {
		return lang.Errorf("%s could not be unpacked (%v): %w", u.in.Name, err, geo.ErrUnavailable)
	}
	defer root.Close()
	for _, p := range plan {
		if err := u.write(ctx, root, p); err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacker) write(ctx context.Context, root *os.Root, p planned) error {
	if err := root.MkdirAll(path.Dir(p.name), 0o700); err != nil {
		return u.unwritable(p, err)
	}
	to, err := root.OpenFile(p.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return u.unwritable(p, err)
	}
	from, err := p.entry.Open()
	if err != nil {
		return errors.Join(u.in.Damaged(lang.Errorf("entry %q: %w", p.name, err)), to.Close())
	}
	defer from.Close()
	buffer := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, to.Close())
		}
		n, ended := from.Read(buffer)
		if err := u.count(p, n); err != nil {
			return errors.Join(err, to.Close())
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return errors.Join(u.unwritable(p, err), to.Close())
		}
		switch {
		case errors.Is(ended, io.EOF):
			if err := to.Close(); err != nil {
				return u.unwritable(p, err)
			}
			return nil
		case ended != nil:
			return errors.Join(u.in.Damaged(lang.Errorf("entry %q: %w", p.name, ended)), to.Close())
		}
	}
}

// count adds n written bytes, and refuses a decompression bomb.
func (u *unpacker) count(p planned, n int) error {
	u.out += int64(n)
	if most := u.in.Options.WithDefaults().UnpackedBytes; u.out > most {
		return lang.Errorf("%s unpacks to more than %d bytes; unpack it and import a part: %w",
			u.in.Name, most, geo.ErrInvalid)
	}
	if u.out > bombFree && u.out/bombRatio > u.packed {
		return lang.Errorf("%s unpacks to more than %d times its size (at entry %q), like a decompression bomb; "+
			"if it is harmless, unpack it yourself: %w",
			u.in.Name, bombRatio, p.name, geo.ErrInvalid)
	}
	return nil
}

func (u *unpacker) unwritable(p planned, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return lang.Errorf(
			"%s could not be unpacked: the disk for temporary files is full; free space or set TMPDIR: %w",
			u.in.Name, geo.ErrUnavailable)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist), errors.Is(err, syscall.EISDIR),
		errors.Is(err, syscall.ENAMETOOLONG):
		return lang.Errorf("%s: entry %q cannot be a file on this computer (%v); pack it again: %w",
			u.in.Name, record.Short(p.name), record.Nameless(err), geo.ErrInvalid)
	}
	return lang.Errorf("%s: entry %q could not be written (%v): %w",
		u.in.Name, record.Short(p.name), record.Nameless(err), geo.ErrUnavailable)
}
