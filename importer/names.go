package importer

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"

	"yizhan/importer/format"
)

// rank is how well the name of a property names a column.
type rank uint8

// Ranks, the weakest first: the beginning of one of its names, truncated by the
// format; an alias; its name; the planner's mapping.
const (
	byNothing rank = iota
	byBeginning
	byAlias
	byName
	byPlanner
)

// match is a property name and the column that it fills, -1 for none.
type match struct {
	name    string
	column  int
	rank    rank
	ignored bool // not reported: our own columns in a file of rejected rows
}

// names finds columns by the names of properties. Its use is safe on several goroutines.
type names struct {
	target *Target
	exact  map[string]int
	titles map[string]int  // by title to the letter; -1 where two columns share one
	folded map[string]int  // by alias, titles and name, folded; -1 where two columns share one
	cut    map[string]bool // names of the file that its format may have cut off
	mu     sync.Mutex
	known  map[string]match
}

// mostNames bounds what is remembered of the names in a file.
const mostNames = 1000

func newNames(t *Target, fields []format.Field) *names {
	n := &names{target: t, exact: map[string]int{}, titles: map[string]int{}, folded: map[string]int{},
		cut: map[string]bool{}, known: map[string]match{}}
	for _, f := range fields {
		n.cut[f.Name] = f.Cut
	}
	for i, column := range t.Columns {
		n.exact[column.Name] = i
		for _, title := range []string{column.Title.ZH, column.Title.EN} {
			if had, taken := n.titles[title]; taken && had != i {
				n.titles[title] = -1
				continue
			}
			n.titles[title] = i
		}
		for _, alias := range append([]string{column.Name, column.Title.ZH, column.Title.EN}, column.Aliases...) {
			n.also(fold(alias), i)
		}
	}
	return n
}

// also notes another name of a column.
func (n *names) also(alias string, column int) {
	if alias == "" {
		return
	}
	if had, taken := n.folded[alias]; taken && had != column {
		if had >= 0 && fold(n.target.Columns[had].Name) == alias {
			return // a column's own name is nobody else's alias
		}
		if fold(n.target.Columns[column].Name) != alias {
			column = -1
		}
	}
	n.folded[alias] = column
}

// fold makes names comparable: case, width of characters, spaces, underscores and
// a unit in brackets do not count.
func fold(name string) string {
	name = strings.ToLower(width.Narrow.String(strings.TrimSpace(name)))
	if at := strings.IndexByte(name, '('); at > 0 && strings.HasSuffix(name, ")") {
		name = name[:at]
	}
	return strings.NewReplacer(" ", "", "_", "", "-", "", "*", "", "\u3000", "").Replace(name)
}

// Fields that a file of rejected rows has besides those of the source.
const (
	reasonField = "退回原因 reject_reason"
	remedyField = "处理办法 remedy"
	rowField    = "行 row"
)

// ownField reports whether a file of rejected rows added the field; the last two names are
// those of earlier releases.
func ownField(name string) bool {
	return slices.Contains([]string{reasonField, remedyField, rowField, "拒绝原因 reject_reason", "办法 remedy"}, name)
}

// find is the column that a property fills.
func (n *names) find(name string) match {
	n.mu.Lock()
	defer n.mu.Unlock()
	if known, ok := n.known[name]; ok {
		return known
	}
	to := n.look(name)
	if len(n.known) < mostNames {
		n.known[name] = to
	}
	return to
}

func (n *names) look(name string) match {
	if column, ok := n.target.Mapping[name]; ok {
		if i, there := n.exact[column]; there {
			return match{name: name, column: i, rank: byPlanner}
		}
		return match{name: name, column: -1}
	}
	if ownField(name) {
		return match{name: name, column: -1, ignored: true}
	}
	if i, ok := n.exact[name]; ok {
		return match{name: name, column: i, rank: byName}
	}
	if i, ok := n.titles[name]; ok && i >= 0 {
		return match{name: name, column: i, rank: byAlias}
	}
	folded := fold(name)
	if i, ok := n.folded[folded]; ok {
		return match{name: name, column: i, rank: byAlias}
	}
	if n.cut[name] && folded != "" {
		if i := n.beginning(folded); i >= 0 {
			return match{name: name, column: i, rank: byBeginning}
		}
	}
	return match{name: name, column: -1}
}

// beginning is the only column of which one of the names begins so, -1 for none
// or several.
func (n *names) beginning(folded string) int {
	found := -1
	for _, alias := range slices.Sorted(maps.Keys(n.folded)) {
		if i := n.folded[alias]; i >= 0 && strings.HasPrefix(alias, folded) && longEnough(alias) {
			if found >= 0 && found != i {
				return -1
			}
			found = i
		}
	}
	return found
}

// cutAt is how many bytes of a name a dBASE file keeps.
const cutAt = 10

// longEnough reports whether a name is longer than a dBASE file keeps, in UTF-8
// or in GB18030, so that it could have been cut.
func longEnough(alias string) bool {
	if len(alias) > cutAt {
		return true
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(alias)
	return err == nil && len(gb) > cutAt
}

// renamed are the properties found so far whose name is not the column's own, in any case.
func (n *names) renamed() []match {
	n.mu.Lock()
	defer n.mu.Unlock()
	var list []match
	for _, to := range n.known {
		if to.column >= 0 && !strings.EqualFold(to.name, n.target.Columns[to.column].Name) {
			list = append(list, to)
		}
	}
	return list
}

// String is how a column was found, as the report's JSON has it.
func (r rank) String() string {
	return [...]string{byNothing: "", byBeginning: "cut", byAlias: "alias", byName: "name", byPlanner: "mapping"}[r]
}

// Expected are the columns of the target that the beginning of a file fills.
func Expected(t *Target, f *format.File, s *Sample) []bool {
	n, expected := newNames(t, f.Fields), make([]bool, len(t.Columns))
	for _, name := range s.Fields {
		if to := n.find(name); to.column >= 0 {
			expected[to.column] = true
		}
	}
	return expected
}
