package main

import (
	"strings"

	"yizhan/internal/lang"
)

// languageFlag and languageVariable choose the language of what is printed.
const (
	languageFlag     = "--lang"
	languageVariable = "YIZHAN_LANG"
)

// languageOf is the language that a command line asks for. It is read before the command
// line is parsed, because help and what is wrong with the command line are in it too; a
// value that is neither is left for the parser to refuse.
func languageOf(args []string, variable func(string) string) lang.Tag {
	chosen := variable(languageVariable)
	for i, arg := range args {
		value, is := strings.CutPrefix(arg, languageFlag+"=")
		switch {
		case arg == "--":
			return tagOf(chosen, variable)
		case is:
			chosen = value
		case arg == languageFlag && i+1 < len(args):
			chosen = args[i+1]
		}
	}
	return tagOf(chosen, variable)
}

func tagOf(chosen string, variable func(string) string) lang.Tag {
	switch tag := lang.Tag(chosen); tag {
	case lang.Chinese, lang.English:
		return tag
	}
	return lang.Environment(variable)
}
