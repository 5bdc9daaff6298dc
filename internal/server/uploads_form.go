package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
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

// upload is the form of an import as it was received.
type upload struct {
	dir    string   // where the files are
	files  []string // their names
	fields map[string]string
	maps   []string // FIELD=NAME
	count  int
}

// receive reads a form, its files to the disk. On an error nothing is left there.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) (*upload, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, lang.Errorf("send the files as multipart/form-data, such as curl -F file=@stations.geojson -F layer=station does: %w", errUnsupported)
	}
	if r.ContentLength > s.imports.options.bytes {
		return nil, tooLarge(s.imports.options.bytes)
	}
	if err := unhurried(w); err != nil {
		return nil, lang.Errorf("upload: %w", err)
	}
	u := &upload{fields: map[string]string{}}
	if u.dir, err = s.imports.uploads.place(); err != nil {
		return nil, err
	}
	control := http.NewResponseController(w)
	body := &arriving{from: r.Body, control: control, patience: s.imports.options.patience, pace: s.imports.options.pace,
		limit: s.imports.options.bytes, life: s.imports.life}
	body.pace.began = time.Now()
	leave, err := s.imports.arrivals.join(body)
	if err != nil {
		return nil, errors.Join(err, removeUpload(u.dir))
	}
	defer leave()
	defer context.AfterFunc(s.imports.life, func() { _ = soon(control, 0) })()
	err = u.read(multipart.NewReader(body, parameters["boundary"]))
	if err == nil {
		_, err = io.Copy(io.Discard, body) // to its end, from where on the client is watched
	}
	if body.fault != nil {
		err = body.fault
	}
	if err == nil && len(u.files) == 0 {
		err = lang.Errorf("the form has no file; name the part \"file\": %w", geo.ErrInvalid)
	}
	if err == nil {
		err = unhurried(w)
	}
	if err != nil {
		w.Header().Set("Connection", "close")
		_ = soon(control, drainWait) // a connection that cannot be told has ended
		if removeErr := removeUpload(u.dir); removeErr != nil {
			s.log.Error("an upload cannot be removed", "request_id", requestID(r.Context()), "error", noRoom(removeErr))
		}
		return nil, err
	}
	return u, nil
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
func (u *upload) read(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lang.Errorf("the form is damaged (%v): %w", err, geo.ErrInvalid)
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
func (u *upload) takeFile(part *multipart.Part) (err error) {
	if len(u.files) == maxFiles {
		return lang.Errorf("more than %d files in one upload; pack them as .zip: %w", maxFiles, errTooLarge)
	}
	name := safeName(part)
	if name == "" {
		return lang.Errorf("a file of the form has no name, by which its format is known: %w", geo.ErrInvalid)
	}
	if slices.ContainsFunc(u.files, func(other string) bool { return strings.EqualFold(other, name) }) {
		return lang.Errorf("the form has two files of the same name; several files are the parts of one data set: %w", geo.ErrInvalid)
	}
	u.files = append(u.files, name)
	f, err := os.OpenFile(filepath.Join(u.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return noRoom(err)
	}
	writer := &disk{f: f}
	_, err = io.Copy(writer, part)
	if writer.fault != nil {
		err = noRoom(writer.fault)
	} else if err != nil {
		err = lang.Errorf("the form breaks off within a file: %w", geo.ErrInvalid)
	}
	if closeErr := f.Close(); err == nil && closeErr != nil {
		err = noRoom(closeErr)
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

// baseName reduces a name to what may stand in a folder of ours.
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
func (u *upload) takeField(part *multipart.Part) error {
	name := part.FormName()
	if !slices.Contains(formFields(), name) {
		return lang.Errorf("unknown field %.60q of the form%s: %w", name, geo.Suggest(geo.Nearest(name, formFields())), geo.ErrInvalid)
	}
	if u.count++; u.count > maxFormFields {
		return lang.Errorf("more than %d fields in one form: %w", maxFormFields, errTooLarge)
	}
	text, err := io.ReadAll(io.LimitReader(part, maxFieldBytes+1))
	if err != nil {
		return lang.Errorf("the form breaks off within field %q: %w", name, geo.ErrInvalid)
	}
	if len(text) > maxFieldBytes {
		return lang.Errorf("field %q of the form has more than %d bytes: %w", name, maxFieldBytes, errTooLarge)
	}
	if name != "control" { // which is a file as it came
		if err := checkText(fmt.Sprintf("field %q of the form", name), string(text)); err != nil {
			return err
		}
	}
	if name == "map" {
		u.maps = append(u.maps, string(text))
		return nil
	}
	if _, twice := u.fields[name]; twice {
		return lang.Errorf("field %q stands in the form twice: %w", name, geo.ErrInvalid)
	}
	u.fields[name] = string(text)
	return nil
}
