package gdal

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

// process is a running program of GDAL and its output. Read ends with io.EOF only when
// the program succeeded; anything else is an error.
type process struct {
	ctx     context.Context
	command *exec.Cmd
	out     io.ReadCloser
	stderr  head
	limit   time.Duration
	left    time.Duration // of the limit; time that the reader itself takes does not count
	overdue atomic.Bool
	ended   bool
	fault   error // once it has ended
}

// stderrBytes is how much of standard error is kept.
const stderrBytes = 4 << 10

// start runs a program in the background.
func (g *programs) start(ctx context.Context, settings []string, program string, args ...string) (*process, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Env = g.environment(settings)
	command.Dir = g.home
	command.SysProcAttr = isolation(g.isolated)
	command.WaitDelay = 2 * time.Second
	p := &process{ctx: ctx, command: command, limit: g.limit, left: g.limit}
	command.Cancel = p.kill
	command.Stderr = &p.stderr
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, lang.Errorf("%s could not be started (%v); check the installation of gdal-bin: %w",
			program, err, geo.ErrUnavailable)
	}
	p.out = out
	if err := limitMemory(command.Process.Pid, g.memory); err != nil {
		return nil, errors.Join(lang.Errorf("the memory of %s could not be limited (%v): %w",
			program, err, geo.ErrUnavailable), p.Close())
	}
	return p, nil
}

// kill ends the program and whatever it started.
func (p *process) kill() error { return killGroup(p.command.Process) }

// Read reads the output of the program, and waits for it no longer than the limit.
func (p *process) Read(b []byte) (int, error) {
	if p.ended {
		return 0, p.outcome()
	}
	began := time.Now()
	timer := time.AfterFunc(p.left, func() {
		p.overdue.Store(true)
		_ = p.kill() // it may have ended already
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

// verdict is the error of a program that ended, nil if it succeeded. After some faults
// that lose features (a truncated GML file), GDAL ends with 0 and only prints an ERROR.
func (p *process) verdict(reading, exit error) error {
	name := filepath.Base(p.command.Path)
	said := p.stderr.text()
	switch {
	case p.ctx.Err() != nil:
		return lang.Errorf("%s was stopped: %w", name, context.Cause(p.ctx))
	case p.overdue.Load():
		return lang.Errorf("%s took longer than %v and was stopped; convert the file to GeoJSON or GeoPackage: %w",
			name, p.limit, geo.ErrInvalid)
	case exit != nil:
		return lang.Errorf("%s could not read the file (%v): %s; get a fresh copy, or convert it to GeoJSON or "+
			"GeoPackage: %w",
			name, exit, said, geo.ErrInvalid)
	case !errors.Is(reading, io.EOF):
		return lang.Errorf("the output of %s is incomplete (%v): %w", name, reading, geo.ErrUnavailable)
	case strings.Contains(said, "ERROR "):
		return lang.Errorf("%s could not read the whole file: %s; get a fresh copy, or convert it to GeoJSON or "+
			"GeoPackage: %w",
			name, said, geo.ErrInvalid)
	}
	return nil
}

// Close ends the program if it is still running, and waits for it.
func (p *process) Close() error {
	if p.ended {
		return nil
	}
	p.ended, p.fault = true, errors.New("closed")
	_ = p.kill()         // it may have ended already
	_ = p.command.Wait() // reports that it was killed
	return nil
}

// head is a writer that keeps the first stderrBytes.
type head struct {
	kept []byte
	more bool
}

func (h *head) Write(b []byte) (int, error) {
	room := stderrBytes - len(h.kept)
	h.kept = append(h.kept, b[:min(room, len(b))]...)
	h.more = h.more || len(b) > room
	return len(b), nil
}

// text is what was written, on one line and printable.
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
