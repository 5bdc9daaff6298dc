package store

import (
	"maps"
	"slices"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
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
type ImportOptions struct {
	importer.Options
	settings.Settings           // what the planner says
	Actor             string    // as the journal has it; default: the session's user
	Control           []byte    // a file of control points, as crs.ParseControl takes it
	DryRun            bool      // say what would change, and change nothing
	Create            *NewLayer // make the layer first
}

// mode is what the planner says becomes of rows that are there.
func (o ImportOptions) mode() Mode { return Mode(settings.Or(o.Settings.Mode, string(Merge))) }

// auto is a setting that is found out where nothing was said.
func auto(said *string) string { return settings.Or(said, "auto") }

// mapFields takes over which column a field of the file fills by the planner's word.
func (t *target) mapFields(mapping map[string]string) error {
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, c.Name)
	}
	for _, field := range slices.Sorted(maps.Keys(mapping)) {
		column := mapping[field]
		if column != "" && !slices.Contains(columns, column) {
			return lang.Errorf("the mapping %s=%s names a field that layer %q does not have%s: %w", field, column, t.Layer.Name, geo.Suggest(geo.Nearest(column, columns)), geo.ErrInvalid)
		}
	}
	t.Mapping = mapping
	return nil
}

// checkMapping refuses a mapping of a field that the file does not have, where
// that is certain before the whole file is read.
func (i *importing) checkMapping() error {
	if i.file.Fields == nil && !i.sample.Whole {
		return nil
	}
	for _, field := range slices.Sorted(maps.Keys(i.mapping)) {
		if !slices.Contains(i.sample.Fields, field) {
			return lang.Errorf("%s has no field %q to map%s: %w", i.file.Name, field, geo.Suggest(geo.Nearest(field, i.sample.Fields)), geo.ErrInvalid)
		}
	}
	return nil
}
