package importer

// Changes is what an import would do, or did, to a layer.
type Changes struct {
	Inserted  Group            `json:"inserted"`
	Moved     Group            `json:"moved"`   // geometry changed; attributes may have too
	Edited    Group            `json:"edited"`  // attributes changed; the geometry may have too
	Deleted   Group            `json:"deleted"` // rows of the layer that are not in the file
	Unchanged int64            `json:"unchanged"`
	Fields    map[string]int64 `json:"fields,omitempty"` // rows in which each field changed
	Median    float64          `json:"moved_median_m"`   // of the distances moved, between centroids, in metres
	Farthest  float64          `json:"moved_farthest_m"`
}

// Group is rows to which the same happens.
type Group struct {
	Rows   int64       `json:"rows"`
	Bounds *[4]float64 `json:"bounds,omitempty"` // west, south, east, north in degrees
	Sample []Change    `json:"sample,omitempty"` // the first, none of a personal layer
}

// Change is one row that would change.
type Change struct {
	Position int64                 `json:"position,omitempty"` // in the file
	Key      string                `json:"key,omitempty"`
	Metres   float64               `json:"moved_m,omitempty"`
	Fields   map[string][2]*string `json:"fields,omitempty"` // from and to
}
