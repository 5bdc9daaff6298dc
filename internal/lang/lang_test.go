package lang_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"yizhan/internal/lang"
)

const errWrong = lang.Kind("invalid")

func TestAnErrorIsSaidInBothLanguagesWithoutItsKind(t *testing.T) {
	t.Parallel()
	missing := &fs.PathError{Op: "open", Path: "a.csv", Err: os.ErrNotExist}
	for _, c := range []struct {
		name   string
		err    error
		en, zh string
	}{
		{"a kind at the end", lang.Errorf("timed out: %w", errWrong), "timed out", "超时"},
		{"one that the catalogue lacks", lang.Errorf("lap %d: %w", 7, errWrong), "lap 7", "lap 7"},
		{"what it wraps behind its own text", lang.Errorf("%s: %w", "a.csv", lang.Errorf("timed out: %w", errWrong)),
			"a.csv: timed out", "a.csv：超时"},
		{"an error in an error", lang.Errorf("%w", lang.Errorf("cancelled: %w", errWrong)), "cancelled", "已取消"},
		{"a kind alone", errWrong, "invalid", "无效"},
		{"of the system", missing, "a.csv: no such file or directory", "a.csv：没有这个文件或文件夹"},
		{"several", errors.Join(lang.Errorf("cancelled"), lang.Errorf("timed out")), "cancelled\ntimed out", "已取消\n超时"},
		{"of others", errors.New("tls: bad certificate"), "tls: bad certificate", "tls: bad certificate"},
		{"none", nil, "", ""},
	} {
		if got := lang.BothOf(c.err); got != (lang.Label{EN: c.en, ZH: c.zh}) {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
	if err := lang.Errorf("%s", lang.Label{ZH: "绿地", EN: "Green plots"}); err.Error() != "Green plots" {
		t.Errorf("an error in English says %q", err)
	}
	if err := lang.Errorf("x: %w", fmt.Errorf("y: %w", errWrong)); !errors.Is(err, errWrong) ||
		err.Error() != "x: y: invalid" {
		t.Errorf("%v does not wrap its kind", err)
	}
}

func TestPartsOfATextAreSaidInItsLanguage(t *testing.T) {
	t.Parallel()
	green := lang.Label{ZH: "绿地", EN: "Green plots"}
	if got := lang.Bothf("%s%s%s", green, lang.Errorf("cancelled"), lang.List{"a", "b"}); got.ZH != "绿地已取消a、b" ||
		got.EN != "Green plotscancelleda, b" {
		t.Errorf("got %v", got)
	}
}

func TestValuesAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	opened := lang.Label{ZH: "开放", EN: "open"}
	for _, c := range []struct {
		got, want any
	}{
		{lang.Quoted("a"), lang.Label{ZH: "“a”", EN: `"a"`}},
		{lang.Range("1", "5"), lang.Label{ZH: "1 至 5", EN: "1 to 5"}},
		{lang.Range("5", "5"), lang.Label{ZH: "5", EN: "5"}},
		{lang.Clauses{opened, {}, {ZH: "停用", EN: "closed"}}.Label(), lang.Label{ZH: "开放；停用", EN: "open; closed"}},
		{lang.Chinese.Sayf("%s", lang.Labels{opened, opened}), "开放、开放"},
		{lang.Thousands(-1234567), "-1,234,567"},
		{lang.Thousands(-123), "-123"},
		{lang.Clip("卧龙城区", 4), "卧龙城区"},
		{lang.Clip("卧龙城区", 3), "卧龙城…"},
		{lang.Clip("a\xff", 9), "a\uFFFD"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTheLanguageIsThatOfWhoAsks(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]lang.Tag{
		"": lang.English, "zh-CN,zh;q=0.9,en;q=0.8": lang.Chinese, "en-GB,en;q=0.9,zh;q=0.1": lang.English,
		"en;q=0.1, zh;q=0.9": lang.Chinese, "de": lang.English, "*": lang.English, ";;": lang.English,
		"zh-Hant-TW": lang.Chinese,
	} {
		if got := lang.Accepted(header); got != want {
			t.Errorf("Accept-Language: %s gives %s, want %s", header, got, want)
		}
	}
	for _, c := range []struct {
		set  map[string]string
		want lang.Tag
	}{
		{map[string]string{"LANG": "zh_CN.UTF-8"}, lang.Chinese},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, lang.English},
		{map[string]string{"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, lang.Chinese},
		{nil, lang.English},
	} {
		if got := lang.Environment(func(name string) string { return c.set[name] }); got != c.want {
			t.Errorf("%v gives %s, want %s", c.set, got, c.want)
		}
	}
}

func TestTheCatalogueIsReadWhole(t *testing.T) {
	t.Parallel()
	all, err := lang.Patterns()
	if err != nil {
		t.Fatal(err)
	}
	for english, chinese := range all {
		if chinese == "" {
			t.Errorf("%q has no Chinese", english)
		}
	}
}

// TestTheChinesePatternTakesTheSameParts holds every verb of a pattern against the English one.
func TestTheChinesePatternTakesTheSameParts(t *testing.T) {
	t.Parallel()
	all, err := lang.Patterns()
	if err != nil {
		t.Fatal(err)
	}
	for english, chinese := range all {
		if want, got := parts(english), parts(chinese); !slices.Equal(want, got) {
			t.Errorf("%q takes parts %v and %q takes %v", english, want, chinese, got)
		}
	}
}

// parts are the numbers of the arguments that a pattern takes, sorted, each once.
func parts(pattern string) (taken []int) {
	next := 1
	for _, verb := range regexp.MustCompile(`%[-+# 0]*(?:\[(\d+)\])?\d*(?:\.\d+)?([a-zA-Z%])`).FindAllStringSubmatch(
		pattern, -1) {
		if verb[2] == "%" {
			continue
		}
		if verb[1] != "" {
			next, _ = strconv.Atoi(verb[1])
		}
		if !slices.Contains(taken, next) {
			taken = append(taken, next)
		}
		next++
	}
	slices.Sort(taken)
	return taken
}
