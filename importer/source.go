package importer

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
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
	if err != nil {
		return Source{}, fmt.Errorf("%v: %w", err, geo.ErrNotFound)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder; name a file: %w", path, geo.ErrInvalid)
	}
	if err != nil {
		f.Close()
		return Source{}, err
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
	counted *counted
}

// open unpacks gzip, known by its first two bytes (RFC 1952, 2.3.1).
func (s Source) open(read *atomic.Int64) (*opened, error) {
	c := &counted{r: s.Body, hash: sha256.New(), read: read}
	buffered := bufio.NewReaderSize(c, 256<<10)
	head, _ := buffered.Peek(2)
	if len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		zip, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("%s: damaged gzip: %w", s.Name, geo.ErrInvalid)
		}
		return &opened{zip, c}, nil
	}
	return &opened{buffered, c}, nil
}

// sum is the SHA-256 of the file's bytes, once all are read.
func (o *opened) sum() string {
	_, _ = io.Copy(io.Discard, o.counted)
	return hex.EncodeToString(o.counted.hash.Sum(nil))
}
