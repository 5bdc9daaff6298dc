package record

import (
	"io"
	"sync/atomic"
)

// Pace is how far a reading has come, in bytes of the files as they are.
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

// Steps tells the pace how far a reading has come that is not done byte by byte.
type Steps struct {
	pace *Pace
	size int64 // bytes of the file
	told *int64
}

// NewSteps are those of a reading of a file of so many bytes.
func NewSteps(pace *Pace, size int64) Steps { return Steps{pace: pace, size: size, told: new(int64)} }

// To says that done of all the rows are read.
func (s Steps) To(done, all int64) {
	if all <= 0 || done < 0 {
		return
	}
	s.Tell(int64(float64(s.size) * min(1, float64(done)/float64(all))))
}

// All says that the end is reached.
func (s Steps) All() { s.Tell(s.size) }

// Tell says that so many bytes are read.
func (s Steps) Tell(bytes int64) {
	if bytes > *s.told {
		s.pace.Read.Add(bytes - *s.told)
		*s.told = bytes
	}
}
