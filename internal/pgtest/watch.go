package pgtest

import (
	_ "embed"
	"fmt"
	"os/exec"
	"syscall"
)

//go:embed watch.sh
var watcher string

// watch leaves a process behind that stops the server of the folder, and removes
// its data, when no process has used it for some seconds.
func watch(dir string, seconds int) error {
	cmd := exec.Command("/bin/sh", "-c", watcher, "watch", dir, fmt.Sprint(seconds))
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("watch the test server: %w", err)
	}
	go cmd.Wait() // one that finds another watching ends at once
	return nil
}
