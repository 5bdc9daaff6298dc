package lint

import (
	"strings"
	"testing"
)

// rule is one rule of the house. check returns a line for each fault.
type rule struct {
	name  string
	why   string
	check func(tree) []string
	bad   tree // the least tree that breaks it
}

var rules = []rule{
	{"imports run one way", "so that the vocabulary can be tested without the database and the tiles without HTTP",
		importOrder, tree{source("geo/layer.go", `package geo; import "yizhan/internal/pg"`)}},
	{"a package has a line in the picture", "so that a newcomer finds everything in docs/architecture.md",
		knownPackage, tree{source("internal/extra/extra.go", "package extra")}},
	{"drivers stay where they belong", "so that PostgreSQL and HTTP can be replaced at one place each",
		foreignImports, tree{source("tiles/draw.go", `package tiles; import "net/http"`)}},
	{"a package has one package comment", "so that it says what it is for and what it is not",
		packageComment, tree{source("geo/layer.go", "package geo"), source("geo/tile.go", "package geo")}},
	{"a package has a name that says something", "so that nothing collects dust",
		packageName, tree{source("internal/util/util.go", "package util")}},
	{"a file is at most 600 lines", "so that it can be read in one sitting",
		fileLength, tree{source("web/src/map.ts", lines(601))}},
	{"a function is at most 80 lines", "so that it fits a screen",
		functionLength, tree{source("geo/layer.go", "package geo\nfunc f() {"+lines(81)+"}")}},
	{"only main ends the program", "so that every error reaches somebody who can act on it",
		endings, tree{source("geo/layer.go", `package geo; import "os"; func f() { os.Exit(1) }`)}},
	{"nothing runs at import", "so that tests can run in parallel and in any order",
		initFunctions, tree{source("geo/layer.go", "package geo; func init() {}")}},
	{"a package variable is set once", "because state in variables ties tests together",
		packageState, tree{source("geo/layer.go", "package geo; var n = 1; func f() { n = 2 }")}},
	{"statements live in .sql files", "so that an analyst can read and run them",
		statementsInGo,
		tree{source("internal/ledger/open.go", "package ledger; const q = `select name from catalog.layer`")}},
	{"a statement's file begins with its name and purpose", "so that it can be read by itself",
		statementHeader, tree{source("sql/queries/layers.sql", "select 1;")}},
	{"every statement that is asked for exists", "because a wrong name would yield no text",
		missingStatements,
		tree{source("internal/ledger/open.go", `package ledger; var q = sql.Text("queries/none.sql")`)}},
	{"markers are filled", "because the server takes them for a fault of the syntax",
		unfilledStatements, tree{source("sql/queries/size.sql", "-- size: rows\nselect count(*) from {layer}"),
			source("internal/ledger/open.go", `package ledger; var q = sql.Text("queries/size.sql")`)}},
	{"every query is asked for", "because nobody maintains what nobody uses",
		deadStatements, tree{source("sql/queries/old.sql", "-- old: what nobody asks\nselect 1;")}},
	{"commands print through streams.go", "because names and values may hold what a terminal obeys",
		printing, tree{source("cmd/yizhan/cmd_ask.go", `package main; import "fmt"; func f() { fmt.Println("x") }`)}},
	{"no real person's number", "the repository is public and holds synthetic persons only",
		personalNumbers, tree{source("web/test/a.ts", "phone: 138"+"00138000")}},
	{"no unfinished business", "an issue is where work waits",
		unfinished, tree{source("geo/layer.go", "package geo\n// TO"+"DO: later")}},
	{"what people read comes in both languages", "so that a Chinese page or report does not end in an English error",
		untold, tree{source("web2/a.go",
			`package a; import "yizhan/internal/lang"; var e = lang.Errorf("never said before")`)}},
	{"errors that people may read are made by lang", "so that they can be said in both languages",
		unwrapped, tree{source("geo/a.go", `package geo; import "fmt"; var e = fmt.Errorf("x")`)}},
	{"the catalogue holds what is said", "because nobody maintains what nobody reads",
		stale, tree{source("geo/a.go", "package geo")}},
	{"English is plain", "because texts that read as translated cost trust",
		translatedEnglish, tree{source("docs/export.md", "Export the file "+"an"+"ew.")}},
	{"Chinese is an office's", "because the readers are the bureau's officers",
		unofficialChinese, tree{source("docs/export.md", "文件"+",请重试")}},
	{"a type has at most 40 methods", "so that what it does can be held in mind",
		methodSets,
		tree{source("geo/a.go", "package geo\n\ntype A struct{}\n"+strings.Repeat("func (*A) m() {}\n", 41))}},
	{"what is cited is there", "so that a newcomer can read it",
		absentPages, tree{source("geo/a.go", "package geo // see docs/"+"absent.md")}},
	{"data travels as the page says", "so that a newcomer can follow it",
		brokenTrips, tree{source("geo/a.go", `package geo; import "yizhan/sql"`),
			source("docs/architecture.md", "## Trips\n```\na tile  geo → tiles\n```\n")}},
	{"our JSON is in snake_case", "so that clients need not guess how a name is spelled",
		otherSpelling, tree{source("geo/a.go", "package geo; type a struct { B int `json:\"madeBy\"` }")}},
	{"lock files name no registry", "so that they work behind any mirror",
		lockedRegistries, tree{source("web/package-lock.json", `"resolved": "https://registry"`)}},
}

func TestHouse(t *testing.T) {
	t.Parallel()
	house, err := readTree("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			for _, fault := range rule.check(house) {
				t.Errorf("%s (%s)", fault, rule.why)
			}
		})
	}
}

func TestRulesCatch(t *testing.T) {
	t.Parallel()
	for _, rule := range rules {
		if len(rule.check(rule.bad)) == 0 {
			t.Errorf("%q lets its own example pass", rule.name)
		}
	}
}
