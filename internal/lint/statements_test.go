package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// statement recognises the beginning of a SQL statement, and not a sentence that
// begins with one of its words.
var statement = regexp.MustCompile(`(?is)^[\s(]*(` + strings.Join([]string{
	`select\s.*(\sfrom\s|\()`,
	`insert\s+into\s`,
	`update\s+\S+\s+set\s`,
	`delete\s+from\s`,
	`with\s+\w+\s+as\s`,
	`truncate\s+\S+$`,
	`copy\s.*\b(from\s+stdin|to\s+stdout)`,
	`(create|alter|drop)\s+(or\s+replace\s+)?(temp\w*|unlogged|unique)?\s*(table|index|schema|database|extension|function|role|view|trigger|type)\s`,
	`set\s+(local|role|session|search_path)\s`,
	`(listen|notify)\s+\w+$`,
}, "|") + `)`)

// number begins the name of a migration.
var number = regexp.MustCompile(`^[0-9]+_`)

// functionHeader begins a file of functions with the one that it is for.
var functionHeader = regexp.MustCompile(`^-- [a-z_]+\.[a-z_]+: `)

// stringsOf calls each for every string constant in a file of Go.
func (f file) stringsOf(each func(text string, at token.Pos)) {
	ast.Inspect(f.code, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				each(text, literal.Pos())
			}
		}
		return true
	})
}

func statementsInGo(t tree) (faults []string) {
	for _, f := range t.shipped() {
		f.stringsOf(func(text string, at token.Pos) {
			if statement.MatchString(text) {
				faults = append(faults, fmt.Sprintf("%s: statement in Go: %.40q", f.at(at), text))
			}
		})
	}
	return faults
}

// statements are the .sql files by their path under sql/.
func (t tree) statements() map[string]file {
	found := make(map[string]file)
	for _, f := range t {
		if name, ok := strings.CutPrefix(f.path, "sql/"); ok && f.ext() == ".sql" {
			found[name] = f
		}
	}
	return found
}

func statementHeader(t tree) (faults []string) {
	for name, f := range t.statements() {
		if strings.HasPrefix(name, "functions/") {
			if !functionHeader.MatchString(f.text) {
				faults = append(faults, f.path+": does not begin with \"-- schema.function: \"")
			}
			continue
		}
		is := number.ReplaceAllString(strings.TrimSuffix(path.Base(name), ".sql"), "")
		if !strings.HasPrefix(f.text, "-- "+is+": ") {
			faults = append(faults, fmt.Sprintf("%s: does not begin with %q", f.path, "-- "+is+": "))
		}
	}
	return faults
}

// statementNames are the paths of statements that the program mentions.
func (t tree) statementNames() map[string]string {
	names := make(map[string]string)
	for _, f := range t.golang() {
		f.stringsOf(func(text string, at token.Pos) {
			if strings.HasSuffix(text, ".sql") && !strings.ContainsAny(text, " *%") {
				names[text] = f.at(at)
			}
		})
	}
	return names
}

func missingStatements(t tree) (faults []string) {
	found := t.statements()
	for name, at := range t.statementNames() {
		if _, ok := found[name]; !ok && strings.HasPrefix(name, "queries/") &&
			!strings.HasPrefix(at, "internal/lint/") && !strings.HasPrefix(at, "sql/template_test.go") {
			faults = append(faults, fmt.Sprintf("%s: there is no sql/%s", at, name))
		}
	}
	return faults
}

func deadStatements(t tree) (faults []string) {
	mentioned := t.statementNames()
	for name, f := range t.statements() {
		if _, ok := mentioned[name]; !ok && strings.HasPrefix(name, "queries/") {
			faults = append(faults, f.path+": nothing asks for it")
		}
	}
	return faults
}

// marker stands for something in a statement.
var marker = regexp.MustCompile(`\{[a-z][a-z_]*\}`)

// unfilledStatements are files with markers that are run as they are.
func unfilledStatements(t tree) (faults []string) {
	found := t.statements()
	for _, f := range t.shipped() {
		ast.Inspect(f.code, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if fun, ok := call.Fun.(*ast.SelectorExpr); !ok || fun.Sel.Name != "Text" {
				return true
			}
			name, ok := literal(call.Args[0])
			if ok && marker.MatchString(found[name].text) {
				faults = append(faults, fmt.Sprintf("%s: sql/%s has markers: use sql.Statement", f.at(call.Pos()),
					name))
			}
			return true
		})
	}
	return faults
}
