package lang

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"
)

// Tag is a language of the house, as BCP 47 writes it.
type Tag string

// The languages.
const (
	English Tag = "en"
	Chinese Tag = "zh"
)

// Accepted is the language that an Accept-Language header prefers (RFC 9110, section
// 12.5.4); English when it names neither.
func Accepted(header string) Tag {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return English
	}
	_, index, confidence := language.NewMatcher([]language.Tag{language.English, language.Chinese}).Match(wanted...)
	if confidence > language.No && index == 1 {
		return Chinese
	}
	return English
}

// Environment is the language of a terminal by the variables of POSIX (Base Definitions,
// 8.2), of which the first that is set counts.
func Environment(variable func(string) string) Tag {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := variable(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return Chinese
			}
			return English
		}
	}
	return English
}

// Say is a text in the language that has no parts.
func (t Tag) Say(english string) string { return t.pattern(english) }

// Sayf is a text in the language; format and args as in [fmt.Sprintf]. Labels and errors
// among args are said in the language, too.
func (t Tag) Sayf(format string, args ...any) string {
	if false {
		_ = fmt.Sprintf(format, args...) // go vet checks callers by this
	}
	return fmt.Sprintf(t.pattern(format), t.each(args)...)
}

// each is args with everything that has two languages said in this one.
func (t Tag) each(args []any) []any {
	said := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case interface{ In(t Tag) string }:
			said[i] = arg.In(t)
		case error:
			said[i] = t.Error(arg)
		default:
			said[i] = arg
		}
	}
	return said
}

// List is several things in one text: "a, b", and in Chinese “a、b”.
type List []string

// In joins the list as the language does.
func (l List) In(t Tag) string {
	if t == Chinese {
		return strings.Join(l, "、")
	}
	return strings.Join(l, ", ")
}

func (l List) String() string { return l.In(English) }
