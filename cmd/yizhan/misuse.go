package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// misuse is what kong finds wrong with a command line, in both languages. kong says it in
// English sentences only, which these patterns take apart.
var misuse = []struct {
	pattern *regexp.Regexp
	say     func(parts []string) error
}{
	{regexp.MustCompile(`^unknown flag (\S+?)(?:, did you mean (?:one of )?(.*)\?)?$`), func(p []string) error {
		return lang.Errorf("unknown flag %s%s", p[1], didYouMean(p[2]))
	}},
	{regexp.MustCompile(`^unexpected argument (.*?)(?:, did you mean (?:one of )?(.*)\?)?$`), func(p []string) error {
		return lang.Errorf("unexpected argument %s%s", p[1], didYouMean(p[2]))
	}},
	{regexp.MustCompile(`^missing flags: (.*)$`), func(p []string) error {
		return lang.Errorf("missing flags: %s", p[1])
	}},
	{regexp.MustCompile(`^expected one of (.*)$`), func(p []string) error {
		return lang.Errorf("a command is missing; expected one of %s", listed(p[1]))
	}},
	{regexp.MustCompile(`^expected "(.*)"$`), func(p []string) error {
		return lang.Errorf("missing argument: %s", p[1])
	}},
	{regexp.MustCompile(`^(--\S+) and (--\S+) can't be used together$`), func(p []string) error {
		return lang.Errorf("%s and %s cannot be used together", p[1], p[2])
	}},
	{regexp.MustCompile(`^(.*) must be one of (.*) but got (".*")$`), func(p []string) error {
		return lang.Errorf("%s must be one of %s, not %s", p[1], listed(p[2]), p[3])
	}},
	{regexp.MustCompile(`^(--\S+?)(?:=.*)?: expected .*\bu?int\b.* but got (".*?")`), func(p []string) error {
		return lang.Errorf("%s: %s is not a whole number", p[1], p[2])
	}},
	{regexp.MustCompile(`^(--\S+?)(?:=.*)?: expected a float but got (".*?")`), func(p []string) error {
		return lang.Errorf("%s: %s is not a number", p[1], p[2])
	}},
	{regexp.MustCompile(`^(--\S+?)(?:=.*)?: (?:expected|missing) .*value`), func(p []string) error {
		return lang.Errorf("%s: a value is missing", p[1])
	}},
}

// misused says what is wrong with a command line, and which help to read.
func misused(err error) error {
	text := err.Error()
	told := error(lang.Errorf("the command line is not valid: %s", text))
	for _, kind := range misuse {
		if parts := kind.pattern.FindStringSubmatch(text); parts != nil {
			told = kind.say(parts)
			break
		}
	}
	return lang.Errorf("%s\nrun %s --help for usage: %w", told, helpFor(err), geo.ErrInvalid)
}

// didYouMean proposes what kong found alike, in the form "a", "b"; nothing for nothing.
func didYouMean(alike string) lang.Label {
	if alike == "" {
		return lang.Label{}
	}
	return lang.Bothf("; did you mean %s?", listed(alike))
}

// listed is what kong separates by commas.
func listed(text string) (items lang.List) {
	for item := range strings.SplitSeq(text, ",") {
		items = append(items, strings.TrimSpace(item))
	}
	return items
}

// helpFor is the command whose help tells more.
func helpFor(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context.Selected() != nil {
		return parse.Context.Selected().FullPath()
	}
	return "yizhan"
}
