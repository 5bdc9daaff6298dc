package importer

import (
	"cmp"
	"slices"
	"time"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Mapped is the column that a field of the file filled under another name.
type Mapped struct {
	Column string `json:"column"`
	By     string `json:"by"` // alias, cut, name or mapping
}

// Report says what became of a file.
type Report struct {
	Batch     int64         `json:"batch"`
	Version   string        `json:"version,omitempty"` // a token: a tile asked for with ?at= it is not older
	Layer     geo.LayerName `json:"layer"`
	Title     lang.Label    `json:"title"`
	Source    string        `json:"source"`
	Format    string        `json:"format"`
	Charset   string        `json:"encoding"`
	CharsetBy lang.Label    `json:"encoding_by"`
	System    lang.Label    `json:"crs"`
	SystemBy  lang.Label    `json:"crs_by"`
	Warnings  []lang.Label  `json:"warnings,omitempty"` // what the planner should look at
	Notes     []lang.Label  `json:"notes,omitempty"`    // what was done to the file as a whole
	// what positions count: features, or rows as in a spreadsheet
	Positions string                  `json:"positions"`
	SHA256    string                  `json:"sha256"` // of the file as it is
	Mode      string                  `json:"mode"`
	Read      int64                   `json:"read"`
	Inserted  int64                   `json:"inserted"`
	Updated   int64                   `json:"updated"`
	Unchanged int64                   `json:"unchanged"`
	Deleted   int64                   `json:"deleted"`
	Rejected  int64                   `json:"rejected"`
	Repaired  int64                   `json:"repaired"`
	Reasons   map[record.Reason]int64 `json:"reasons"`
	Causes    []Cause                 `json:"causes"` // the same by field, with advice
	Listed    []Rejection             `json:"rejections"`
	Repairs   []Rejection             `json:"repairs"` // the first that were repaired instead of rejected
	// fields of the file that filled a column of another name
	Mapped map[string]Mapped `json:"mapped"`
	Noted  []Noted           `json:"noted"` // what was done to values
	// fields that the layer lacks, and how many rows had them
	Unknown   map[string]int64 `json:"unknown_fields"`
	Flattened int64            `json:"flattened"`         // features whose heights were left out
	Schema    *Schema          `json:"schema,omitempty"`  // of the layer that was made
	Changes   *Changes         `json:"changes,omitempty"` // of a preview: what would change
	Sample    *Sample          `json:"sample,omitempty"`  // of a preview: the first rows as they were decoded
	Doubtful  int64            `json:"-"`                 // good rows whose polygons the ledger must find valid
	Took      time.Duration    `json:"took_ns"`
	Present   []bool           `json:"-"` // by column of the target: some feature had it
	// FieldTitles are the titles of the layer's fields, by which a Chinese text names them.
	FieldTitles map[string]lang.Label `json:"field_titles,omitempty"`

	Refused  []Refused `json:"-"` // the first maxRefused that were rejected
	personal bool
	private  []string // fields of which no value is shown
	watched  watch
}

// newReport is the report of a run that has read nothing yet.
func newReport(f *format.File, t *Target) *Report {
	positions := "features"
	if f.Tabular {
		positions = "rows"
	}
	var private []string
	titles := map[string]lang.Label{}
	for _, c := range t.Columns {
		titles[c.Name] = c.Title
		if c.Privacy == geo.Personal {
			private = append(private, c.Name)
		}
	}
	return &Report{Layer: t.Layer.Name, Title: t.Layer.Title, Source: f.Name, Positions: positions,
		Format: f.Format, Charset: f.Charset, CharsetBy: f.ByWhat, Notes: slices.Clone(f.Notes),
		Unknown: map[string]int64{}, Reasons: map[record.Reason]int64{}, Mapped: map[string]Mapped{},
		Present: make([]bool, len(t.Columns)), FieldTitles: titles,
		personal: t.Layer.Privacy == geo.Personal, private: private}
}

// field names a field of the layer: in Chinese by its title, where it has one.
func (r *Report) field(name string) lang.Label {
	title := r.FieldTitles[name].ZH
	if title == "" {
		title = name
	}
	return lang.Label{ZH: lang.Chinese.Sayf("%q", title), EN: name}
}

// Ordinal names the feature or row of the file at a position.
func (r *Report) Ordinal(position int64) lang.Label {
	n := lang.Thousands(position)
	if r.Positions == "rows" {
		return lang.Bothf("row %s", n)
	}
	return lang.Bothf("feature %s", n)
}

// note books what was done to values of a column.
func (r *Report) note(what note, t *Target, n int64) {
	field := t.Columns[what.column].Name
	for i := range r.Noted {
		if r.Noted[i].Kind == string(what.kind) && r.Noted[i].Field == field {
			r.Noted[i].Features += n
			r.Noted[i].What = what.kind.what(r.Noted[i].Features)
			return
		}
	}
	r.Noted = append(r.Noted, Noted{string(what.kind), field, n, what.kind.what(n)})
	slices.SortFunc(r.Noted, func(a, b Noted) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Kind, b.Kind))
	})
}

// Rate is how many features were read a second.
func (r *Report) Rate() float64 {
	return float64(r.Read) / max(r.Took.Seconds(), 1e-3)
}
