package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unedited are files and folders whose texts have not been edited yet. The list only shrinks.
var unedited = []string{"docs/api.md", "docs/operations.md"}

// itself is exempt, because it names what it denies.
const itself = "internal/lint/words_test.go"

// deniedEnglish are words that read as translated, with what to write instead.
var deniedEnglish = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)\banew\b`), "again"},
	{regexp.MustCompile(`(?i)\bmend(s|ed|ing)?\b`), "fix, repair"},
	{regexp.MustCompile(`(?i)\b(go(es|ing)?|gone) on with\b`), "resume, continue"},
	{regexp.MustCompile(`(?i)\bthose that there are\b`), "a list"},
	{regexp.MustCompile(`(?i)\bas was said\b`), "as specified"},
	{regexp.MustCompile(`(?i)\bmay be had\b`), "is available"},
	{regexp.MustCompile(`(?i)\b(has|have) no such\b`), "not found"},
	{regexp.MustCompile(`(?i)\bfound out\b`), "detected"},
	{regexp.MustCompile(`\bDOMAIN\b`), "a document of the repository"},
}

// negatedNoun is "it is no number", which plain English says as "it is not a number".
var negatedNoun = regexp.MustCompile(`(?i)(\S+) (?:is|are|was|were) no ([a-z]+)`)

// negatesMore are words after which "is no" negates no noun.
var negatesMore = []string{"longer", "more", "less", "better", "worse", "different", "later", "earlier",
	"older", "newer", "larger", "smaller"}

// deniedChinese are signs and words that an office does not write.
var deniedChinese = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`[「」『』]`), "“ ”"},
	{regexp.MustCompile(`您|你`), "请 and a verb"},
	{regexp.MustCompile(`被\p{Han}`), "the active voice"},
	{regexp.MustCompile(`进行`), "the verb alone"},
	{regexp.MustCompile(`它们`), "the noun"},
}

// halfWidth is a half-width sign between Chinese characters.
var halfWidth = regexp.MustCompile(`\p{Han}[,:;] ?\p{Han}`)

// code is what is not running text: blocks and spans of Markdown, and arrays of SQL.
var code = map[string]*regexp.Regexp{
	".md":  regexp.MustCompile("(?s)```.*?```|`[^`\n]*`"),
	".sql": regexp.MustCompile(`'\{[^}]*\}'`),
}

// edited are the files whose texts are held to the rules.
func (t tree) edited() tree {
	return slices.DeleteFunc(slices.Clone(t), func(f file) bool {
		return f.path == itself || slices.Contains(checksums, f.path) || f.ext() == ".json" || f.path == "LICENSE" ||
			slices.ContainsFunc(unedited, f.isIn)
	})
}

// isIn reports whether the file is the one of that name or in the folder.
func (f file) isIn(name string) bool { return f.path == name || strings.HasPrefix(f.path, name+"/") }

func translatedEnglish(t tree) (faults []string) {
	t.edited().eachLine(func(_ file, at, line string) {
		for _, denied := range deniedEnglish {
			if found := denied.pattern.FindString(line); found != "" {
				faults = append(faults, fmt.Sprintf("%s: %q: write %s", at, found, denied.instead))
			}
		}
		for _, found := range negatedNoun.FindAllStringSubmatch(line, -1) {
			before, after := strings.ToLower(found[1]), strings.ToLower(found[2])
			if !strings.HasSuffix(before, "there") && !slices.Contains(negatesMore, after) {
				faults = append(faults, fmt.Sprintf("%s: %q: write is not a", at, found[0]))
			}
		}
	})
	return faults
}

func unofficialChinese(t tree) (faults []string) {
	t.edited().eachLine(func(_ file, at, line string) {
		for _, denied := range deniedChinese {
			if found := denied.pattern.FindString(line); found != "" {
				faults = append(faults, fmt.Sprintf("%s: %q: write %s", at, found, denied.instead))
			}
		}
	})
	for _, f := range t.edited() {
		if f.isTest() || f.folder() == "web/test" { // which hold files of surveyors
			continue
		}
		for _, found := range halfWidth.FindAllString(withoutCode(f), -1) {
			faults = append(faults, fmt.Sprintf("%s: %q: write ，、：；", f.path, found))
		}
	}
	return faults
}

// withoutCode is the text of a file without what is not running text.
func withoutCode(f file) string {
	if pattern := code[f.ext()]; pattern != nil {
		return pattern.ReplaceAllString(f.text, "")
	}
	return f.text
}

func TestDeniedWordsAreFoundAndPlainOnesAreNot(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"Load it an" + "ew.":                   1,
		"Me" + "nd the rows.":                  1,
		"It is no" + " number.":                1,
		"It is not a number.":                  0,
		"There is no number.":                  0,
		"It is no longer a number.":            0,
		"Recommended amendments":               0,
		"文件" + ":请检查":                          1,
		"文件：请检查，并重试。":                          0,
		"`文件,编号` is a header":                  0,
		"「" + "窨井盖」":                           1,
		"请导" + "入。" + "您" + "可以重试。":            1,
		"记录" + "被" + "退回，请" + "进" + "行" + "修改": 2,
	} {
		house := tree{source("docs/export.md", text)}
		if got := append(translatedEnglish(house), unofficialChinese(house)...); len(got) != want {
			t.Errorf("%q: %q, want %d faults", text, got, want)
		}
	}
}
