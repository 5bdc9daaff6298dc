package record

import (
	"io"
	"sync/atomic"
)

// Pace is the progress of reading, in bytes of the files as stored.
type Pace struct{ Read atomic.Int64 }

// reader counts what passes.
func (p *Pace) reader(r io.Reader) io.Reader { return &paced{r, p} }

type paced struct {
	r    io.Reader
	pace *Pace
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.pace.Read.Add(int64(n))
	return n, err
}

// Steps reports the progress of reading that is not done byte by byte.
type Steps struct {
	pace *Pace
	size int64 // bytes of the file
	told *int64
}

// NewSteps are those of a reading of a file of so many bytes.
func NewSteps(pace *Pace, size int64) Steps { return Steps{pace: pace, size: size, told: new(int64)} }

// To reports that done of all rows are read.
func (s Steps) To(done, all int64) {
	if all <= 0 || done < 0 {
		return
	}
	s.Tell(int64(float64(s.size) * min(1, float64(done)/float64(all))))
}

// All reports that the end is reached.
func (s Steps) All() { s.Tell(s.size) }

// Tell reports that so many bytes are read.
func (s Steps) Tell(bytes int64) {
	if bytes > *s.told {
		s.pace.Read.Add(bytes - *s.told)
		*s.told = bytes
	}
}
