package jobs

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
)

// Limits of an upload beside its size.
const (
	maxFiles      = 20
	maxFormFields = 200
	maxFieldBytes = 64 << 10
	maxNameBytes  = 200
)

// formFields are the names of an import's form.
func formFields() []string { return append(settings.Names(), "file", "control", "profile") }

// Upload is the form of an import as it was received.
type Upload struct {
	Dir    string   // where the files are
	Files  []string // their names
	Fields map[string]string
	Maps   []string // FIELD=NAME
	count  int
}

// Limits of what is received.
type Limits struct {
	Bytes    int64         // of one upload, all together; 0 means 2 GiB
	Patience time.Duration // without a byte; 0 means 30 s
	Grace    time.Duration // before the minimum rate applies; 0 means 30 s
	Longest  time.Duration // of one upload; 0 means an hour
}

const (
	defaultUploadBytes   = 2 << 30
	defaultUploadPatient = 30 * time.Second
)

// Receiver receives uploads into a folder.
type Receiver struct {
	Folder   *Folder
	limits   Limits
	arrivals arrivals
	life     context.Context
}

// NewReceiver makes a receiver that stops when life ends.
func NewReceiver(life context.Context, folder *Folder, l Limits) *Receiver {
	l.Bytes = cmp.Or(l.Bytes, defaultUploadBytes)
	l.Patience = cmp.Or(l.Patience, defaultUploadPatient)
	l.Grace = cmp.Or(l.Grace, uploadGrace)
	l.Longest = cmp.Or(l.Longest, uploadLongest)
	return &Receiver{Folder: folder, limits: l, life: life}
}

// Receive reads a form of declared length (-1 when unknown), its files to the disk. On an
// error nothing is left there.
func (r *Receiver) Receive(from io.Reader, length int64, boundary string,
	c Connection, log *slog.Logger) (*Upload, error) {
	if length > r.limits.Bytes {
		return nil, tooLarge(r.limits.Bytes)
	}
	if err := LiftDeadlines(c); err != nil {
		return nil, lang.Errorf("upload: %w", err)
	}
	dir, err := r.Folder.place()
	if err != nil {
		return nil, err
	}
	u := &Upload{Dir: dir, Fields: map[string]string{}}
	pace := Pace{Began: time.Now(), Grace: r.limits.Grace, Rate: MinRate, Longest: r.limits.Longest}
	body := &arriving{from: from, control: c, patience: r.limits.Patience, pace: pace, limit: r.limits.Bytes,
		life: r.life}
	leave, err := r.arrivals.join(body)
	if err != nil {
		return nil, errors.Join(err, Remove(dir))
	}
	defer leave()
	defer context.AfterFunc(r.life, func() { _ = soon(c, 0) })()
	if err := u.readAll(body, boundary); err != nil {
		_ = soon(c, drainWait) // a connection that cannot be told has ended
		if removeErr := Remove(dir); removeErr != nil {
			log.Error("an upload was not removed", "error", NoRoom(removeErr))
		}
		return nil, err
	}
	return u, nil
}

// readAll reads the form to the end of the body.
func (u *Upload) readAll(body *arriving, boundary string) error {
	err := u.read(multipart.NewReader(body, boundary))
	if err == nil {
		_, err = io.Copy(io.Discard, body)
	}
	switch {
	case body.fault != nil:
		return body.fault
	case err != nil:
		return err
	case len(u.Files) == 0:
		return lang.Errorf("the form has no file; name the part \"file\": %w", geo.ErrInvalid)
	}
	return LiftDeadlines(body.control)
}

// drainWait is how long the rest of a refused body is waited for.
const drainWait = time.Second

// firstOf is the error itself where nothing was joined to it.
func firstOf(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) == 1 {
		return joined.Unwrap()[0]
	}
	return err
}

// read takes one part after another.
func (u *Upload) read(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lang.Errorf("the form is not valid multipart/form-data (%v): %w", err, geo.ErrInvalid)
		}
		if part.FormName() == "file" {
			err = u.takeFile(part)
		} else {
			err = u.takeField(part)
		}
		if err = errors.Join(err, part.Close()); err != nil {
			return firstOf(err)
		}
	}
}

// takeFile writes one file to the disk.
func (u *Upload) takeFile(part *multipart.Part) (err error) {
	if len(u.Files) == maxFiles {
		return lang.Errorf("the upload has more than %d files; pack them in one .zip: %w", maxFiles, ErrTooLarge)
	}
	name := safeName(part)
	if name == "" {
		return lang.Errorf("a file of the form has no name; give it one with the ending of its format: %w",
			geo.ErrInvalid)
	}
	if slices.ContainsFunc(u.Files, func(other string) bool { return strings.EqualFold(other, name) }) {
		return lang.Errorf("two files of the form have the same name; upload each data set on its own: %w",
			geo.ErrInvalid)
	}
	u.Files = append(u.Files, name)
	f, err := os.OpenFile(filepath.Join(u.Dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return NoRoom(err)
	}
	writer := &disk{f: f}
	_, err = io.Copy(writer, part)
	if writer.fault != nil {
		err = NoRoom(writer.fault)
	} else if err != nil {
		err = lang.Errorf("the form ends inside a file; upload it again: %w", geo.ErrInvalid)
	}
	if closeErr := f.Close(); err == nil && closeErr != nil {
		err = NoRoom(closeErr)
	}
	return err
}

// disk keeps the error of writing apart from that of reading.
type disk struct {
	f     *os.File
	fault error
}

func (d *disk) Write(b []byte) (int, error) {
	n, err := d.f.Write(b)
	d.fault = err
	return n, err
}

// safeName is the name of a file without its folders, "" when none is left. A
// browser sends it in UTF-8; what is not is replaced, alike in all parts of a set.
func safeName(part *multipart.Part) string {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return baseName(parameters["filename"])
}

// baseName reduces a name to one that is safe in the server's folder.
func baseName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == ':' || unicode.Is(unicode.Bidi_Control, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimSpace(strings.TrimLeft(name, ". "))
	if name == "/" {
		return ""
	}
	suffix := path.Ext(name)
	if len(suffix) > 20 {
		suffix = ""
	}
	stem := strings.TrimSuffix(name, suffix)
	for len(stem)+len(suffix) > maxNameBytes {
		runes := []rune(stem)
		stem = string(runes[:len(runes)-1])
	}
	return stem + suffix
}

// takeField reads one text of the form.
func (u *Upload) takeField(part *multipart.Part) error {
	name := part.FormName()
	if !slices.Contains(formFields(), name) {
		return lang.Errorf("unknown form field %.60q%s: %w",
			name, geo.Suggest(geo.Nearest(name, formFields())), geo.ErrInvalid)
	}
	if u.count++; u.count > maxFormFields {
		return lang.Errorf("the form has more than %d fields: %w", maxFormFields, ErrTooLarge)
	}
	text, err := io.ReadAll(io.LimitReader(part, maxFieldBytes+1))
	if err != nil {
		return lang.Errorf("the form ends inside field %q; send it again: %w", name, geo.ErrInvalid)
	}
	if len(text) > maxFieldBytes {
		return lang.Errorf("form field %q has more than %d bytes: %w", name, maxFieldBytes, ErrTooLarge)
	}
	if name != "control" { // which is a file as it came
		if err := CheckText(lang.Bothf("form field %q", name), string(text)); err != nil {
			return err
		}
	}
	if name == "map" {
		u.Maps = append(u.Maps, string(text))
		return nil
	}
	if _, twice := u.Fields[name]; twice {
		return lang.Errorf("form field %q is given twice; give it once: %w", name, geo.ErrInvalid)
	}
	u.Fields[name] = string(text)
	return nil
}
