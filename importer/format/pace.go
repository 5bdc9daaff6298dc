package format

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
