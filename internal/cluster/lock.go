package cluster

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"yizhan/internal/lang"
)

// pause is how long we wait between two looks at something that will change.
const pause = 25 * time.Millisecond

// fileLock is an advisory lock that the kernel drops with the process, however it ends.
type fileLock struct{ file *os.File }

func openLock(path string, a account) (*fileLock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, lang.Errorf("lock: %w", err)
	}
	if err := a.give(path); err != nil {
		return nil, errors.Join(lang.Errorf("lock: %w", err), file.Close())
	}
	return &fileLock{file}, nil
}

// try takes the lock (syscall.LOCK_EX or LOCK_SH) unless somebody else has it.
func (l *fileLock) try(how int) (bool, error) {
	for {
		err := syscall.Flock(int(l.file.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		default:
			return false, lang.Errorf("lock %s: %w", l.file.Name(), err)
		}
	}
}

// take waits for the lock.
func (l *fileLock) take(ctx context.Context, how int) error {
	for {
		if got, err := l.try(how); got || err != nil {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return lang.Errorf("another process is starting or stopping the database: %w", err)
		}
	}
}

func (l *fileLock) close() error { return l.file.Close() }

// sleep waits, or returns ctx's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
