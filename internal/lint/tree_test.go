package lint

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// file is one text file of the repository.
type file struct {
	path string // from the root, with slashes
	text string
	set  *token.FileSet
	code *ast.File // of a .go file
}

// tree is the repository, in order of path.
type tree []file

// notOurs are folders with what others wrote or what was built.
var notOurs = []string{".git", "bin", "web/dist", "web/node_modules", "web/test-results"}

func readTree(root string) (tree, error) {
	var files tree
	err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() && slices.Contains(notOurs, name) {
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(at)
		if err == nil && !bytes.ContainsRune(text, 0) {
			files = append(files, source(name, string(text)))
		}
		return err
	})
	return files, err
}

// source is a file with this text. Go that does not parse has no code: the compiler says why.
func source(name, text string) file {
	f := file{path: name, text: text, set: token.NewFileSet()}
	if f.ext() == ".go" {
		code, err := parser.ParseFile(f.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			f.code = code
		}
	}
	return f
}

func (f file) ext() string     { return path.Ext(f.path) }
func (f file) folder() string  { return path.Dir(f.path) }
func (f file) isTest() bool    { return strings.HasSuffix(f.path, "_test.go") }
func (f file) isProgram() bool { return f.code != nil && f.code.Name.Name == "main" }

// at is where something stands, as compilers print it.
func (f file) at(pos token.Pos) string { return f.set.Position(pos).String() }

// golang are the files of Go.
func (t tree) golang() tree {
	return slices.DeleteFunc(slices.Clone(t), func(f file) bool { return f.code == nil })
}

// shipped are the files of Go that are not tests nor serve only tests, measurements and attacks.
func (t tree) shipped() tree {
	return slices.DeleteFunc(t.golang(), func(f file) bool {
		return f.isTest() || slices.Contains([]string{"internal/pgtest", "internal/bench", "internal/attack"},
			f.folder())
	})
}

// lines is a text of n lines.
func lines(n int) string { return strings.Repeat("\n", n) }
