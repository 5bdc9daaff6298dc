package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"

	"github.com/leonelquinteros/gotext"
)

//go:embed zh/*.po
var files embed.FS

// catalogue is the Chinese pattern of each English one. It is read when Chinese is first
// asked for, and never changes.
var catalogue = sync.OnceValue(func() map[string]string {
	all, _ := Patterns() // the files are in the binary, and a test reads them
	return all
})

// Patterns is the whole catalogue: English patterns of [fmt.Sprintf] and their Chinese ones.
func Patterns() (map[string]string, error) {
	names, err := fs.Glob(files, "zh/*.po")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		po := gotext.NewPo()
		po.Parse(text)
		for english, entry := range po.GetDomain().GetTranslations() {
			chinese := entry.Trs[0]
			if before, twice := all[english]; twice && english != "" && before != chinese {
				return nil, fmt.Errorf("%s: %q is %q here and %q in another file", name, english, chinese, before)
			}
			all[english] = chinese
		}
	}
	delete(all, "")
	return all, nil
}

// pattern is the pattern in the language; the English one where the catalogue has none.
func (t Tag) pattern(english string) string {
	if t == Chinese {
		if chinese := catalogue()[english]; chinese != "" {
			return chinese
		}
	}
	return english
}
