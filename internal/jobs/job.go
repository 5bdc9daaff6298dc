package jobs

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
)

// Job is an import whose files this server has received: it is being read, or waits for a
// decision, or could not be read.
type Job struct {
	ID    int64 // of its preview in the ledger
	Layer geo.LayerName
	Began time.Time

	path    string // of the file or folder to open
	options format.Options
	cancel  context.CancelCauseFunc
	done    chan struct{} // closed when the import has been read or given up
	err     error         // why there is no preview; set before done is closed
	at      atomic.Pointer[importer.Progress]

	mu  sync.RWMutex // held for reading while the files are in use
	dir string       // "" once the files are removed
}

// Done is closed when the import has been read, or reading was given up.
func (j *Job) Done() <-chan struct{} { return j.done }

// Over reports whether the import is no longer being read.
func (j *Job) Over() bool {
	select {
	case <-j.done:
		return true
	default:
		return false
	}
}

// Err is why there is no preview; nil while the import is being read.
func (j *Job) Err() error {
	if !j.Over() {
		return nil
	}
	return j.err
}

// Progress is how far the import has been read.
func (j *Job) Progress() importer.Progress {
	if at := j.at.Load(); at != nil {
		return *at
	}
	return importer.Progress{}
}

// kept reports whether the files are still on the disk.
func (j *Job) kept() bool {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.dir != ""
}

// remove deletes the files.
func (j *Job) remove() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := Remove(j.dir)
	j.dir = ""
	return err
}
