package lint

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pretend puts a program of that name into the folder, which says something and ends.
func pretend(t *testing.T, folder, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestTheScanFailsOnFindingsAndSaysWhenItCouldNotLook(t *testing.T) {
	const (
		cleanGo  = `exit 0`
		foundGo  = `[ "$1" = vet ] && exit 0; echo "Vulnerability #1: GO-0000-0001"; echo "exit status 3"; exit 1`
		awayGo   = `[ "$1" = vet ] && exit 0; echo "fetching vulnerabilities: no such host" >&2; echo "exit status 1" >&2; exit 1`
		brokenGo = `echo "main.go:1:1: expected declaration" >&2; exit 1`
		cleanNPM = `echo '{"auditReportVersion": 2}'; exit 0`
		foundNPM = `echo '{"auditReportVersion": 2, "vulnerabilities": {"left": {}}}'; exit 1`
		awayNPM  = `echo '{'; echo '  "message": "405 Method Not Allowed",'; echo '}'; exit 1`
	)
	for _, c := range []struct {
		name, golang, npm string
		code              int
		says              []string
	}{
		{"nothing is known", cleanGo, cleanNPM, 0, []string{"Go modules: no known", "packages: no known"}},
		{"a module has one", foundGo, cleanNPM, 1, []string{"GO-0000-0001", "are called"}},
		{"a package has one", cleanGo, foundNPM, 1, []string{"are known"}},
		{"neither database answers", awayGo, awayNPM, 0, []string{"NOT CHECKED", "no such host",
			"405 Method Not Allowed"}},
		{"one has, the other does not answer", foundGo, awayNPM, 1, []string{"are called", "NOT CHECKED"}},
		{"it does not compile", brokenGo, cleanNPM, 1, []string{"expected declaration"}},
	} {
		t.Run(c.name, func(t *testing.T) { // one after another: a program just written must not be open elsewhere
			folder := t.TempDir()
			pretend(t, folder, "go", c.golang)
			pretend(t, folder, "npm", c.npm)
			scan := exec.Command("../../.ci/vulnerabilities", "v0")
			scan.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
			said, err := scan.CombinedOutput()
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if scan.ProcessState.ExitCode() != c.code {
				t.Errorf("exit code %d, want %d", scan.ProcessState.ExitCode(), c.code)
			}
			for _, says := range c.says {
				if !strings.Contains(string(said), says) {
					t.Errorf("no %q in\n%s", says, said)
				}
			}
		})
	}
}
