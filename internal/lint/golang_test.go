package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// longest allowed lines of a file and of a function.
const maxFile, maxFunction = 600, 80

func packageComment(t tree) (faults []string) {
	comments := make(map[string]int)
	for _, f := range t.golang() {
		if f.isTest() {
			continue
		}
		comments[f.folder()] += 0
		if f.code.Doc != nil {
			comments[f.folder()]++
		}
	}
	for folder, n := range comments {
		if n != 1 {
			faults = append(faults, fmt.Sprintf("%s: %d package comments", folder, n))
		}
	}
	return faults
}

func packageName(t tree) (faults []string) {
	for _, f := range t.golang() {
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "types", "models", "misc", "base"},
			f.code.Name.Name) {
			faults = append(faults, fmt.Sprintf("%s: package %s", f.path, f.code.Name.Name))
		}
	}
	return faults
}

func functionLength(t tree) (faults []string) {
	for _, f := range t.golang() {
		for _, declared := range f.code.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := f.set.Position(function.End()).Line - f.set.Position(function.Pos()).Line + 1
			if n > maxFunction {
				faults = append(faults, fmt.Sprintf("%s: function %s has %d lines", f.at(function.Pos()),
					function.Name.Name, n))
			}
		}
	}
	return faults
}

// endings finds calls that end the program outside main and TestMain. A test may panic.
func endings(t tree) (faults []string) {
	for _, f := range t.golang() {
		for _, declared := range f.code.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok {
				if f.isProgram() && function.Name.Name == "main" || function.Name.Name == "TestMain" ||
					f.folder() == "sql" {
					continue // sql refuses names and markers that a programmer got wrong
				}
			}
			ast.Inspect(declared, func(node ast.Node) bool {
				if call, ok := node.(*ast.CallExpr); ok && endsProgram(called(call)) &&
					!(f.isTest() && called(call) == "panic") {
					faults = append(faults, fmt.Sprintf("%s: calls %s", f.at(call.Pos()), called(call)))
				}
				return true
			})
		}
	}
	return faults
}

func endsProgram(name string) bool {
	return name == "panic" || name == "os.Exit" || strings.HasPrefix(name, "log.Fatal") ||
		strings.HasPrefix(name, "log.Panic")
}

// called is the name of what a call calls, such as "os.Exit".
func called(call *ast.CallExpr) string {
	switch what := call.Fun.(type) {
	case *ast.Ident:
		return what.Name
	case *ast.SelectorExpr:
		if of, ok := what.X.(*ast.Ident); ok {
			return of.Name + "." + what.Sel.Name
		}
	}
	return ""
}

func initFunctions(t tree) (faults []string) {
	for _, f := range t.golang() {
		for _, declared := range f.code.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Name.Name == "init" {
				faults = append(faults, f.at(function.Pos())+": func init")
			}
		}
	}
	return faults
}

// packageState finds package variables that start without a value or are assigned.
// Embedded files have their value from the compiler.
func packageState(t tree) (faults []string) {
	variables := make(map[string]bool) // folder + name
	for _, f := range t.shipped() {
		for _, declared := range f.code.Decls {
			group, ok := declared.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			embedded := group.Doc != nil && strings.Contains(group.Doc.List[len(group.Doc.List)-1].Text, "go:embed")
			for _, spec := range group.Specs {
				value := spec.(*ast.ValueSpec)
				if len(value.Values) == 0 && !embedded {
					faults = append(faults, fmt.Sprintf("%s: variable %s has no value", f.at(value.Pos()),
						value.Names[0].Name))
				}
				for _, name := range value.Names {
					variables[f.folder()+" "+name.Name] = true
				}
			}
		}
	}
	for _, f := range t.shipped() {
		faults = append(faults, assignedGlobals(f, variables)...)
	}
	return faults
}

// assignedGlobals finds assignments to package variables in a file. A name that
// the function declares itself is not the package's.
func assignedGlobals(f file, variables map[string]bool) (faults []string) {
	for _, declared := range f.code.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		own := ownNames(function)
		ast.Inspect(function, func(node ast.Node) bool {
			assign, ok := node.(*ast.AssignStmt)
			if !ok || assign.Tok == token.DEFINE {
				return true
			}
			for _, left := range assign.Lhs {
				name, ok := left.(*ast.Ident)
				if ok && name.Name != "_" && !own[name.Name] && variables[f.folder()+" "+name.Name] {
					faults = append(faults, fmt.Sprintf("%s: assigns the package's %s", f.at(name.Pos()), name.Name))
				}
			}
			return true
		})
	}
	return faults
}

// ownNames are the names that a function declares: parameters, results, variables.
func ownNames(function *ast.FuncDecl) map[string]bool {
	own := make(map[string]bool)
	add := func(names ...*ast.Ident) {
		for _, name := range names {
			own[name.Name] = true
		}
	}
	ast.Inspect(function, func(node ast.Node) bool {
		switch is := node.(type) {
		case *ast.Field:
			add(is.Names...)
		case *ast.ValueSpec:
			add(is.Names...)
		case *ast.RangeStmt:
			for _, side := range []ast.Expr{is.Key, is.Value} {
				if name, ok := side.(*ast.Ident); ok && is.Tok == token.DEFINE {
					add(name)
				}
			}
		case *ast.AssignStmt:
			for _, left := range is.Lhs {
				if name, ok := left.(*ast.Ident); ok && is.Tok == token.DEFINE {
					add(name)
				}
			}
		}
		return true
	})
	return own
}

// printing finds what a command prints past the guards of its streams.go.
func printing(t tree) (faults []string) {
	for _, f := range t.shipped() {
		if f.folder() != "cmd/yizhan" || f.path == "cmd/yizhan/streams.go" {
			continue
		}
		guarded := make(map[ast.Node]bool)
		ast.Inspect(f.code, func(node ast.Node) bool {
			switch is := node.(type) {
			case *ast.CallExpr:
				if slices.Contains([]string{"people", "visible.NewJSONWriter"}, called(is)) {
					guarded[is.Args[0]] = true
				}
				if strings.HasPrefix(called(is), "fmt.Print") {
					faults = append(faults, fmt.Sprintf("%s: calls %s", f.at(is.Pos()), called(is)))
				}
			case *ast.SelectorExpr:
				of, ok := is.X.(*ast.Ident)
				if ok && of.Name == "os" && (is.Sel.Name == "Stdout" || is.Sel.Name == "Stderr") && !guarded[is] {
					faults = append(faults, fmt.Sprintf("%s: writes to os.%s itself", f.at(is.Pos()), is.Sel.Name))
				}
			}
			return true
		})
	}
	return faults
}
