package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// status is a line of /proc/PID/status, without its name.
func status(file, line string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for l := range strings.SplitSeq(string(text), "\n") {
		if value, found := strings.CutPrefix(l, line+":"); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func statusFile(pid int) string { return fmt.Sprintf("/proc/%d/status", pid) }

func name(pid int) string { return status(statusFile(pid), "Name") }

// alive reports whether a process runs; one that nobody has waited for does not.
func alive(pid int) bool {
	state := status(statusFile(pid), "State")
	return state != "" && !strings.HasPrefix(state, "Z")
}

// family is a process and all that it has started.
func family(pid int) []int {
	all, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		return []int{pid}
	}
	children := map[int][]int{}
	for _, file := range all {
		child, childErr := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		parent, err := strconv.Atoi(status(file, "PPid"))
		if err == nil && childErr == nil {
			children[parent] = append(children[parent], child)
		}
	}
	found := []int{pid}
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}

// programs are the processes of the service, without PostgreSQL. One that became another
// account was started again under whatever name its open file has.
func (t *target) programs() []int {
	return slices.DeleteFunc(family(t.cmd.Process.Pid), func(pid int) bool { return strings.HasPrefix(name(pid), "postgres") })
}

// accounts are the users as whom any thread of the service runs: real, effective,
// saved and of files.
func (t *target) accounts() (ids []string) {
	for _, pid := range t.programs() {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
		if err != nil {
			continue
		}
		for _, thread := range threads {
			ids = append(ids, strings.Fields(status(thread, "Uid"))...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

var kilobytes = regexp.MustCompile(`^[0-9]+`)

// resident is the memory of processes in bytes.
func resident(pids []int) (sum int64) {
	for _, pid := range pids {
		if n, err := strconv.ParseInt(kilobytes.FindString(status(statusFile(pid), "VmRSS")), 10, 64); err == nil {
			sum += n << 10
		}
	}
	return sum
}

// peak watches the memory until it is told to stop, and returns the most that it saw.
func (t *target) peak(ctx context.Context) (stop func() int64) {
	ctx, cancel := context.WithCancel(ctx)
	most := make(chan int64, 1)
	pids := t.programs() // looked for once: looking through /proc takes its time
	go func() {
		var top int64
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			top = max(top, resident(pids))
			select {
			case <-ctx.Done():
				most <- top
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 {
		cancel()
		return <-most
	}
}
