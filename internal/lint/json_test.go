package lint

import (
	"fmt"
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// prescribed are files whose JSON names a standard prescribes: CycloneDX, and the style of MapLibre.
var prescribed = []string{"internal/notices/collect/files.go", "tiles/style.go"}

// snakeCase is how names of our own JSON are spelled.
var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// otherSpelling are JSON names in struct tags that are not in snake_case.
func otherSpelling(t tree) (faults []string) {
	for _, f := range t.golang() {
		if f.isTest() || slices.Contains(prescribed, f.path) {
			continue
		}
		ast.Inspect(f.code, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			tag, _ := literal(field.Tag)
			name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
			if name != "" && name != "-" && !snakeCase.MatchString(name) {
				faults = append(faults, fmt.Sprintf("%s: JSON name %q: write it in snake_case", f.at(field.Pos()),
					name))
			}
			return true
		})
	}
	return faults
}
