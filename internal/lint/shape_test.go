package lint

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
)

// maxMethods is how many methods a type may have.
const maxMethods = 40

// methodSets finds types that do too much, tests' own aside.
func methodSets(t tree) (faults []string) {
	methods := map[string]int{}
	for _, f := range t.golang() {
		if f.isTest() {
			continue
		}
		for _, declared := range f.code.Decls {
			if method, ok := declared.(*ast.FuncDecl); ok && method.Recv != nil {
				methods[f.folder()+"."+receiver(method.Recv.List[0].Type)]++
			}
		}
	}
	for name, n := range methods {
		if n > maxMethods {
			faults = append(faults, fmt.Sprintf("%s: %d methods", name, n))
		}
	}
	return faults
}

// receiver is the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// page is a page of the documentation as texts cite it: by its path.
var page = regexp.MustCompile(`\b(docs/[\w/-]+\.md|decisions/\d{4}[\w-]*\.md)\b`)

// absentPages finds citations of pages that are not in the repository.
func absentPages(t tree) (faults []string) {
	present := func(cited, from string) bool {
		return slices.ContainsFunc(t, func(f file) bool {
			return f.path == cited || f.path == path.Join("docs", cited) || f.path == path.Join(path.Dir(from), cited)
		})
	}
	t.eachLine(func(f file, at, line string) {
		if !slices.Contains([]string{".go", ".ts", ".sql", ".md"}, f.ext()) {
			return
		}
		for _, found := range page.FindAllStringSubmatch(line, -1) {
			if !present(found[1], f.path) {
				faults = append(faults, at+": cites "+found[0]+", which is not in the repository")
			}
		}
	})
	return faults
}
