package format

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// process is a program of GDAL under way, and what it writes. Read ends with
// io.EOF only when the program ended well; anything else is an error.
type process struct {
	ctx     context.Context
	command *exec.Cmd
	out     io.ReadCloser
	said    head // on standard error
	given   time.Duration
	left    time.Duration // of waiting for it; the reader's own time does not count
	overdue atomic.Bool
	ended   bool
	fault   error // when it ended
}

// saidBytes of standard error are kept.
const saidBytes = 4 << 10

// start runs a program in the background.
func (g *gdal) start(ctx context.Context, settings []string, program string, args ...string) (*process, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Env = g.environment(settings)
	command.Dir = g.home
	command.SysProcAttr = apart(g.apart)
	command.WaitDelay = 2 * time.Second
	p := &process{ctx: ctx, command: command, given: g.limit, left: g.limit}
	command.Cancel = p.kill
	command.Stderr = &p.said
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, lang.Errorf("%s cannot be started (%v); look at the installation of gdal-bin: %w", program, err, geo.ErrUnavailable)
	}
	p.out = out
	if err := limitMemory(command.Process.Pid, g.memory); err != nil {
		return nil, errors.Join(lang.Errorf("the memory of %s cannot be limited (%v): %w", program, err, geo.ErrUnavailable), p.Close())
	}
	return p, nil
}

// kill ends the program and whatever it started.
func (p *process) kill() error { return killGroup(p.command.Process) }

// Read reads what the program writes, and waits for it no longer than the limit.
func (p *process) Read(b []byte) (int, error) {
	if p.ended {
		return 0, p.outcome()
	}
	began := time.Now()
	timer := time.AfterFunc(p.left, func() {
		p.overdue.Store(true)
		_ = p.kill() // gone already, perhaps
	})
	n, err := p.out.Read(b)
	if err != nil {
		p.fault, p.ended = p.verdict(err, p.command.Wait()), true
	}
	timer.Stop()
	p.left = max(p.left-time.Since(began), time.Millisecond)
	if p.ended {
		return n, p.outcome()
	}
	return n, nil
}

func (p *process) outcome() error {
	if p.fault != nil {
		return p.fault
	}
	return io.EOF
}

// verdict judges how the program ended. GDAL ends with 0 after some faults that
// cost features (a GML file that breaks off), and tells them as an ERROR only.
func (p *process) verdict(reading, exit error) error {
	name := filepath.Base(p.command.Path)
	said := p.said.text()
	switch {
	case p.ctx.Err() != nil:
		return lang.Errorf("%s was stopped: %w", name, context.Cause(p.ctx))
	case p.overdue.Load():
		return lang.Errorf("%s took longer than %v and was stopped; convert the file yourself to GeoJSON or GeoPackage: %w", name, p.given, geo.ErrInvalid)
	case exit != nil:
		return lang.Errorf("%s cannot read it (%v): %s: get the file anew, or convert it yourself: %w", name, exit, said, geo.ErrInvalid)
	case !errors.Is(reading, io.EOF):
		return lang.Errorf("what %s writes breaks off (%v): %w", name, reading, geo.ErrUnavailable)
	case strings.Contains(said, "ERROR "):
		return lang.Errorf("%s could not read all of it: %s: get the file anew, or convert it yourself: %w", name, said, geo.ErrInvalid)
	}
	return nil
}

// Close ends the program, when it has not ended, and waits until it is gone.
func (p *process) Close() error {
	if p.ended {
		return nil
	}
	p.ended, p.fault = true, errors.New("closed")
	_ = p.kill()         // gone already, perhaps
	_ = p.command.Wait() // says that it was killed
	return nil
}

// head keeps the first bytes of what is written to it.
type head struct {
	kept []byte
	more bool
}

func (h *head) Write(b []byte) (int, error) {
	room := saidBytes - len(h.kept)
	h.kept = append(h.kept, b[:min(room, len(b))]...)
	h.more = h.more || len(b) > room
	return len(b), nil
}

// text is what was said, on one line and fit to be shown.
func (h *head) text() string {
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(string(h.kept), "�")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "->") {
			lines = append(lines, strings.Map(printable, line))
		}
	}
	if h.more {
		lines = append(lines, "…")
	}
	return strings.Join(lines, "; ")
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}
