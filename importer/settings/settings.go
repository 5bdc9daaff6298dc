// Package settings are the options of an import, in one type: the flags of the command
// line, the fields of a form and saved profiles are all read from its tags. An option that
// was not given is known as such, and never guessed from a default.
//
// It does not run imports, and knows of the values only which ones a field allows.
package settings

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Settings of an import; nil was not given. To add one, add a field here and use it where
// it matters. The json tag names it in forms and profiles; help, enum and placeholder are
// for the command line.
type Settings struct {
	Layer    *string `json:"layer,omitempty" help:"Layer to import into." placeholder:"NAME" xor:"layer"`
	Mode     *string `json:"mode,omitempty" help:"What happens to existing rows: merge (by key, the default), replace (rows that are not in the file are deleted) or append." enum:"merge,replace,append"`
	CRS      *string `name:"crs" json:"crs,omitempty" help:"Coordinate system: auto (default), EPSG:n, gcj02, bd09 or gk:MERIDIAN." placeholder:"CRS"`
	Axes     *string `json:"axes,omitempty" help:"Order of the two coordinates: auto (default), east-first or north-first." enum:"auto,east-first,north-first"`
	Shift    *string `json:"shift,omitempty" help:"Datum parameters of an old survey (Xian 80, Beijing 54): dx,dy,dz[,rx,ry,rz,ppm]." placeholder:"NUMBERS"`
	Encoding *string `json:"encoding,omitempty" help:"Text encoding, such as GBK (default: auto-detected)." placeholder:"NAME"`
	Inside   *string `json:"inside,omitempty" help:"Data set of an archive, sheet of a workbook or table of a GeoPackage." placeholder:"NAME"`
	X        *string `json:"x,omitempty" help:"Column with easting or longitude." placeholder:"COLUMN"`
	Y        *string `json:"y,omitempty" help:"Column with northing or latitude." placeholder:"COLUMN"`
	WKT      *string `name:"wkt" json:"wkt,omitempty" help:"Column with well-known text." placeholder:"COLUMN"`

	Strict   *bool `json:"strict,omitempty" help:"Import nothing if any row is rejected." negatable:""`
	Anywhere *bool `json:"anywhere,omitempty" help:"Accept features outside the city." negatable:""`

	// Map says which field of the layer each field of the file fills. The last one wins.
	Map []string `json:"map,omitempty" help:"Field of the file and the layer's field it fills; FIELD= skips the field." placeholder:"FIELD=NAME"`
}

// Value is the given value, or the zero value.
func Value[T any](given *T) T {
	if given == nil {
		var zero T
		return zero
	}
	return *given
}

// Or is the given value, or a default.
func Or[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}

// Over is s with what was not given taken from saved settings. Mappings of both apply,
// those of s last.
func (s Settings) Over(saved Settings) Settings {
	mine, theirs := reflect.ValueOf(&s).Elem(), reflect.ValueOf(saved)
	for i := range mine.NumField() {
		if field := mine.Field(i); field.Kind() == reflect.Pointer && field.IsNil() {
			field.Set(theirs.Field(i))
		}
	}
	s.Map = slices.Concat(saved.Map, s.Map)
	return s
}

// Names are the names of the settings in forms, "map" last.
func Names() []string {
	var names []string
	for field := range fields() {
		names = append(names, formName(field))
	}
	return names
}

// FromForm reads a form, in which an empty text is not given. maps are its fields "map",
// of which there may be several. The error is of kind geo.ErrInvalid.
func FromForm(form map[string]string, maps []string) (s Settings, err error) {
	to := reflect.ValueOf(&s).Elem()
	for field := range fields() {
		text := strings.TrimSpace(form[formName(field)])
		if text == "" {
			continue
		}
		if err := give(to.FieldByIndex(field.Index), formName(field), text); err != nil {
			return s, err
		}
	}
	s.Map = maps
	return s, s.Check()
}

// give sets a field of the type *string, *bool or *int from the text of a form.
func give(field reflect.Value, name, text string) error {
	switch field.Interface().(type) {
	case *string:
		field.Set(reflect.ValueOf(&text))
	case *bool:
		on, err := YesNo(name, text)
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(&on))
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return lang.Errorf("%s: %.60q must be a whole number: %w", name, text, geo.ErrInvalid)
		}
		field.Set(reflect.ValueOf(&n))
	}
	return nil
}

// Check rejects values that a field does not allow, and malformed mappings.
func (s Settings) Check() error {
	from := reflect.ValueOf(s)
	for field := range fields() {
		given, isText := from.FieldByIndex(field.Index).Interface().(*string)
		choices := strings.Split(field.Tag.Get("enum"), ",")
		if !isText || given == nil || choices[0] == "" || slices.Contains(choices, *given) {
			continue
		}
		return lang.Errorf("%s: %.60q must be one of %s%s: %w", formName(field), *given, lang.List(choices),
			geo.Suggest(geo.Nearest(*given, choices)), geo.ErrInvalid)
	}
	_, err := s.Mapping()
	return err
}

// Mapping is Map by the file's field; a field that is skipped has "".
func (s Settings) Mapping() (map[string]string, error) {
	mapping := map[string]string{}
	for _, one := range s.Map {
		from, to, ok := strings.Cut(one, "=")
		if !ok {
			return nil, lang.Errorf("map: %.60q must be FIELD=NAME, or FIELD= to skip a field: %w", one, geo.ErrInvalid)
		}
		mapping[from] = to
	}
	return mapping, nil
}

func fields() func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, field := range reflect.VisibleFields(reflect.TypeFor[Settings]()) {
			if !yield(field) {
				return
			}
		}
	}
}

func formName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

// YesNo reads a choice as forms and programs send it. The error is of kind geo.ErrInvalid.
func YesNo(name, value string) (bool, error) {
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off":
		return false, nil
	case "1", "true", "yes", "on":
		return true, nil
	}
	return false, lang.Errorf("%s: %.60q must be true or false: %w", name, value, geo.ErrInvalid)
}
