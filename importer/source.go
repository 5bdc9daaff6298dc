package importer

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"yizhan/geo"
)

// Source is a file to be read once.
type Source struct {
	Name string        // as the report and the ledger call it
	Body io.ReadCloser // its bytes as they are, compressed or not
	Size int64         // bytes of Body; 0 when unknown
}

// Open opens a file, or standard input for "-".
func Open(path string) (Source, error) {
	if path == "-" {
		return Source{Name: "standard input", Body: os.Stdin}, nil
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Source{}, fmt.Errorf("there is no file %s: %w", path, geo.ErrNotFound)
	case errors.Is(err, fs.ErrPermission):
		return Source{}, fmt.Errorf("the file %s may not be read; ask its owner for the right: %w", path, geo.ErrForbidden)
	case err != nil:
		return Source{}, fmt.Errorf("%w: %w", err, geo.ErrInvalid)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder; name a file: %w", path, geo.ErrInvalid)
	}
	if err != nil {
		return Source{}, errors.Join(err, f.Close())
	}
	return Source{Name: filepath.Base(path), Body: f, Size: info.Size()}, nil
}

// counted reads a source, hashing and counting what passes.
type counted struct {
	r    io.Reader
	hash hash.Hash
	read *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.hash.Write(p[:n])
	c.read.Add(int64(n))
	return n, err
}

// opened is a source being read: plain bytes, and what is known of the file.
type opened struct {
	io.Reader
	raw *bufio.Reader // of the file as it is
	all *counted
}

// open unpacks gzip, known by its first two bytes (RFC 1952, 2.3.1).
func (s Source) open(read *atomic.Int64) (*opened, error) {
	c := &counted{r: s.Body, hash: sha256.New(), read: read}
	raw := bufio.NewReaderSize(c, 256<<10)
	head, err := raw.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", s.Name, unreadable(err, 0))
	}
	if len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		zip, err := gzip.NewReader(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, unreadable(err, 0))
		}
		return &opened{packed{zip}, raw, c}, nil
	}
	return &opened{raw, raw, c}, nil
}

// packed reads a gzip stream. One that breaks off must not look like its end.
type packed struct{ zip *gzip.Reader }

func (p packed) Read(b []byte) (int, error) {
	n, err := p.zip.Read(b)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the gzip stream breaks off")
	}
	return n, err
}

// sum is the SHA-256 of the file's bytes, once all are read.
func (o *opened) sum() (string, error) {
	if _, err := io.Copy(io.Discard, o.raw); err != nil {
		return "", unreadable(err, o.all.read.Load())
	}
	return hex.EncodeToString(o.all.hash.Sum(nil)), nil
}
