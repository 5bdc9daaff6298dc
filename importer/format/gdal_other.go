//go:build !linux

package format

import (
	"os"
	"syscall"
)

// apart has nothing to set where there are no namespaces.
func apart(bool) *syscall.SysProcAttr { return nil }

// killGroup kills the process; GDAL's programs start no others.
func killGroup(leader *os.Process) error { return leader.Kill() }

// limitMemory cannot limit another process here.
func limitMemory(int, uint64) error { return nil }
