package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yizhan/internal/lang"
)

// kindAtEnd is what ends the format of an error that wraps its kind.
const kindAtEnd = ": %w"

// tools are packages whose errors only their makers read.
var tools = []string{"internal/bench", "internal/attack", "internal/lint", "internal/pgtest", "internal/notices",
	"internal/notices/collect",
	"internal/visible", "internal/lang", "sql", "web", "importer/record/recordtest"}

// literal is the text of an expression of string literals; false for any other.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, okLeft := literal(e.X)
		right, okRight := literal(e.Y)
		return left + right, okLeft && okRight && e.Op == token.ADD
	case *ast.ParenExpr:
		return literal(e.X)
	}
	return "", false
}

// calls calls each for every call of a function or method of that name in the file.
func (f file) calls(each func(call *ast.CallExpr, of, name string)) {
	ast.Inspect(f.code, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if selected, ok := call.Fun.(*ast.SelectorExpr); ok {
			of, _ := selected.X.(*ast.Ident)
			if of == nil {
				of = ast.NewIdent("")
			}
			each(call, of.Name, selected.Sel.Name)
		}
		return true
	})
}

// saysBoth is whether the call takes a format of the catalogue.
func saysBoth(of, name string) bool {
	return of == "lang" && (name == "Errorf" || name == "Bothf") || name == "Sayf" || name == "sayf" || name == "tellf"
}

// untold are texts for people that have no Chinese.
func untold(t tree) (faults []string) {
	chinese, err := lang.Patterns()
	if err != nil {
		return []string{err.Error()}
	}
	for _, f := range t.golang() {
		if f.isTest() || slices.Contains(tools, f.folder()) {
			continue
		}
		f.calls(func(call *ast.CallExpr, of, name string) {
			if !saysBoth(of, name) || len(call.Args) == 0 {
				return
			}
			if passed, is := call.Args[0].(*ast.Ident); is && passed.Name == "format" {
				return // of a function that is itself held to the rule
			}
			text, ok := literal(call.Args[0])
			text = strings.TrimSuffix(text, kindAtEnd)
			if !ok {
				faults = append(faults, fmt.Sprintf("%s: the format of %s must be a literal", f.at(call.Pos()), name))
			} else if hasWords(text) && chinese[text] == "" {
				faults = append(faults, fmt.Sprintf("%s: %q has no Chinese in internal/lang/zh", f.at(call.Pos()),
					text))
			}
		})
	}
	return faults
}

// verb is one verb of [fmt.Sprintf].
var verb = regexp.MustCompile(`%[-+# 0]*(\[\d+\])?\d*(\.\d+)?[a-zA-Z%]`)

// hasWords is whether there is anything to translate besides verbs and signs.
func hasWords(format string) bool {
	return strings.ContainsFunc(verb.ReplaceAllString(format, ""), unicode.IsLetter)
}

// unwrapped are errors for people that only English can say.
func unwrapped(t tree) (faults []string) {
	for _, f := range t.golang() {
		if f.isTest() || slices.Contains(tools, f.folder()) {
			continue
		}
		f.calls(func(call *ast.CallExpr, of, name string) {
			if of == "fmt" && name == "Errorf" {
				faults = append(faults, f.at(call.Pos())+": errors that people may read are made with lang.Errorf")
			}
		})
	}
	return faults
}

// stale are entries of the catalogue that nothing says.
func stale(t tree) (faults []string) {
	chinese, err := lang.Patterns()
	if err != nil {
		return []string{err.Error()}
	}
	said := map[string]bool{}
	for _, f := range t.golang() {
		if f.isTest() {
			continue
		}
		ast.Inspect(f.code, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil {
				tag, _ := literal(field.Tag)
				said[reflect.StructTag(tag).Get("help")] = true
			}
			if e, ok := n.(ast.Expr); ok {
				if text, ok := literal(e); ok {
					said[strings.TrimSuffix(text, kindAtEnd)] = true
				}
			}
			return true
		})
	}
	for english := range chinese {
		if !said[english] {
			faults = append(faults, fmt.Sprintf("internal/lang/zh: nothing says %q", english))
		}
	}
	return faults
}
