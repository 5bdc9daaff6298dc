package main

import (
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
)

func TestTheVersionIsSaidHoweverTheBinaryWasBuilt(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v0.1.1-0.20261126000000-0123456789ab"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}}
	for _, c := range []struct {
		name, version, commit string
		info                  *debug.BuildInfo
		says                  []string
	}{
		{"make build", "v0.1-3-g0123456", "0123456789", info, []string{"yizhan v0.1-3-g0123456\n", "commit 0123456789\n"}},
		{"go build in a clone", "", "", info, []string{"yizhan v0.1.1-0.20261126000000-0123456789ab\n", "commit 0123456789abcdef with changes\n", "go1.26.0 "}},
		{"go build without a clone", "", "", &debug.BuildInfo{}, []string{"yizhan (devel)\n", "commit unknown\n", "PostgreSQL 15 ", "PostGIS 3.3 "}},
	} {
		text := about(c.version, c.commit, c.info)
		for _, says := range c.says {
			if !strings.Contains(text, says) {
				t.Errorf("%s: no %q in\n%s", c.name, says, text)
			}
		}
	}
}

func TestVersionAndNoticesNeedNoCommandAndNoLedger(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for flag, says := range map[string]string{"--version": requirements, "--notices": "maplibre-gl"} {
		out, err := exec.Command(path, flag).CombinedOutput()
		if err != nil || !strings.Contains(string(out), says) {
			t.Errorf("%s: %v: %.300s", flag, err, out)
		}
	}
}
