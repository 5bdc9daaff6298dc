package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"yizhan/internal/notices"
	"yizhan/internal/visible"
)

// What "make build" knows of the sources, by -ldflags -X; the go command's own notes
// stand in for it.
var (
	version = ""
	commit  = ""
)

// requirements are what the ledger must be.
const requirements = "PostgreSQL 15 or later with PostGIS 3.3 or later"

// versionFlag prints what this binary is, and ends the program.
type versionFlag bool

// BeforeReset is called by kong before the command line is looked at any further.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	fmt.Fprint(app.Stdout, visible.Text(about(version, commit, info)))
	app.Exit(0)
	return nil
}

// about says which version, of which commit, made by which Go, for which PostgreSQL.
func about(version, commit string, info *debug.BuildInfo) string {
	built := map[string]string{}
	for _, setting := range info.Settings {
		built[setting.Key] = setting.Value
	}
	if commit == "" && built["vcs.modified"] == "true" {
		built["vcs.revision"] += " with changes"
	}
	return fmt.Sprintf("yizhan %s\ncommit %s\n%s %s/%s\nneeds %s\n",
		cmp.Or(version, info.Main.Version, "(devel)"),
		cmp.Or(commit, built["vcs.revision"], "unknown"),
		cmp.Or(info.GoVersion, runtime.Version()), runtime.GOOS, runtime.GOARCH, requirements)
}

// noticesFlag prints the licences of others that are in the binary, and ends the program.
type noticesFlag bool

// BeforeReset is called by kong before the command line is looked at any further.
func (noticesFlag) BeforeReset(app *kong.Kong) error {
	fmt.Fprint(app.Stdout, notices.Text)
	app.Exit(0)
	return nil
}
