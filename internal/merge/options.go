package merge

import (
	"yizhan/importer"
	"yizhan/importer/settings"
)

// Mode is what an import does with rows that the layer has already.
type Mode string

// Modes of an import.
const (
	Merge   Mode = "merge"   // by the layer's key: new rows are added, others brought up to date
	Replace Mode = "replace" // the same, and rows of the layer that are not in the file go
	Append  Mode = "append"  // rows are only added
)

// ImportOptions of one import.
type Options struct {
	importer.Options
	settings.Settings           // what the planner says
	Actor             string    // as the journal has it; default: the session's user
	Control           []byte    // a file of control points, as crs.ParseControl takes it
	DryRun            bool      // say what would change, and change nothing
	Create            *NewLayer // make the layer first
}

// mode is what the planner says becomes of rows that are there.
func (o Options) mode() Mode { return Mode(settings.Or(o.Settings.Mode, string(Merge))) }

// auto is a setting that is detected where it is not given.
func auto(said *string) string { return settings.Or(said, "auto") }
