package format

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
)

// Cutter begins a reading; pace tells how far it has come.
func (f *File) Cutter(ctx context.Context, pace *Pace) (Cutter, error) { return f.cutter(ctx, pace) }

// Decoder makes a decoder for one goroutine.
func (f *File) Decoder() Decoder { return f.decoder() }

// Close removes what was unpacked.
func (f *File) Close() error {
	var all error
	for _, one := range slices.Backward(f.closers) {
		all = errors.Join(all, one())
	}
	f.closers = nil
	return all
}

// Sum is the SHA-256 of the file's bytes as it came; of several files, one after another.
func (f *File) Sum(ctx context.Context) (string, error) {
	paths := f.origin
	if paths == nil {
		paths = f.Paths
	}
	sum, buffer := sha256.New(), make([]byte, 1<<20)
	for _, path := range paths {
		r, err := os.Open(path)
		if err != nil {
			return "", input{name: f.Name}.unreadable(err)
		}
		_, err = io.CopyBuffer(sum, interruptible{ctx, r}, buffer)
		if err = errors.Join(err, r.Close()); err != nil {
			return "", input{name: f.Name}.unreadable(err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// interruptible reads until its context ends.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i interruptible) Read(b []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b)
}
