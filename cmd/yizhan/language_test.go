package main

import (
	"strings"
	"testing"

	"yizhan/internal/lang"
)

func TestTheCommandLineChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	chinese := map[string]string{"LANG": "zh_CN.UTF-8"}
	for _, c := range []struct {
		args string
		set  map[string]string
		want lang.Tag
	}{
		{"imports", nil, lang.English},
		{"imports", chinese, lang.Chinese},
		{"imports --lang en", chinese, lang.English},
		{"--lang=zh imports", nil, lang.Chinese},
		{"imports --lang auto", chinese, lang.Chinese},
		{"imports", map[string]string{"LANG": "zh_CN.UTF-8", languageVariable: "en"}, lang.English},
		{"imports --lang zh", map[string]string{languageVariable: "en"}, lang.Chinese},
		{"import -- --lang zh", nil, lang.English}, // names of files
		{"imports --lang", chinese, lang.Chinese},
		{"imports --lang fr", chinese, lang.Chinese},
	} {
		if got := languageOf(strings.Fields(c.args), func(name string) string { return c.set[name] }); got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.args, c.set, got, c.want)
		}
	}
}

func TestWhatIsWrongWithACommandLineIsSaidInBothLanguages(t *testing.T) {
	for _, c := range []struct{ args, en, zh string }{
		{"", `a command is missing; expected one of "up", "serve", "import", "imports", "undo", ...`,
			`缺少命令；可用的有 "up"、"serve"、"import"、"imports"、"undo"、...`},
		{"imprt", `unexpected argument imprt; did you mean "import", "imports"?`, `多余的参数 imprt；是否为 "import"、"imports"？`},
		{"imports --layr x", `unknown flag --layr; did you mean "--lang", "--layer"?`, `没有选项 --layr；是否为 "--lang"、"--layer"？`},
		{"import", "missing argument: <files> ...", "缺少参数：<files> ..."},
		{"export", "missing flags: --tiles=FILE.pmtiles", "缺少选项：--tiles=FILE.pmtiles"},
		{"import a --layer b --create c", "--layer and --create cannot be used together", "--layer 与 --create 不能同时使用"},
		{"ask --format xml", `--format must be one of "table", "json", "csv", not "xml"`, `--format 只能是 "table"、"json"、"csv"，不能是 "xml"`},
		{"imports --limit x", `--limit: "x" is not a whole number`, `--limit："x" 不是整数`},
		{"export --tiles a --bbox 1,x", `--bbox: "x" is not a number`, `--bbox："x" 不是数字`},
		{"imports --layer", "--layer: a value is missing", "--layer：缺少值"},
		{"undo", "missing argument: <batch>", "缺少参数：<batch>"},
		{"imports --lang fr", `--lang must be one of "auto", "zh", "en", not "fr"`, `--lang 只能是 "auto"、"zh"、"en"，不能是 "fr"`},
	} {
		parser, err := newParser(&commands{}, terminal{lang.English})
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse(strings.Fields(c.args))
		if err == nil {
			t.Errorf("%q is accepted", c.args)
			continue
		}
		told := lang.BothOf(misused(err))
		for text, want := range map[string]string{told.EN: c.en, told.ZH: c.zh} {
			if first, _, _ := strings.Cut(text, "\n"); first != want {
				t.Errorf("%q: %q, want %q", c.args, first, want)
			}
		}
		if !strings.HasPrefix(misusedHelp(told.EN), "run yizhan") || !strings.HasPrefix(misusedHelp(told.ZH), "用法见 yizhan") {
			t.Errorf("%q names no help: %q", c.args, told)
		}
		if exitCode(misused(err)) != 2 {
			t.Errorf("%q: exit code %d", c.args, exitCode(misused(err)))
		}
	}
}

// misusedHelp is the line about help of what is wrong with a command line.
func misusedHelp(told string) string {
	_, help, _ := strings.Cut(told, "\n")
	return help
}
