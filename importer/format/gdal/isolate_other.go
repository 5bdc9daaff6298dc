//go:build !linux

package gdal

import (
	"os"
	"syscall"
)

// isolation has nothing to set where there are no namespaces.
func isolation(bool) *syscall.SysProcAttr { return nil }

// killGroup kills the process; GDAL's programs start no others.
func killGroup(leader *os.Process) error { return leader.Kill() }

// limitMemory cannot limit another process here.
func limitMemory(int, uint64) error { return nil }
