package record

import (
	"strings"
	"unicode/utf8"

	"yizhan/internal/lang"
)

// Short is the beginning of a text, for messages.
func Short[T ~string | ~[]byte](text T) string {
	const longest = 60
	if len(text) <= longest {
		return strings.ToValidUTF8(string(text), "�")
	}
	cut := longest
	for cut > longest-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strings.ToValidUTF8(string(text[:cut]), "�") + "…"
}

// ShortName shortens a name for a message.
func ShortName(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

// Quoted quotes the first names for a message.
func Quoted(names []string, most int) lang.Labels {
	var quoted lang.Labels
	for _, n := range names[:min(len(names), most)] {
		quoted = append(quoted, lang.Quoted(Short(n)))
	}
	if more := len(names) - most; more > 0 {
		quoted = append(quoted, lang.Bothf("and %d more", more))
	}
	return quoted
}
