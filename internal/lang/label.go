package lang

import "fmt"

// Label is a text in Chinese and in English.
type Label struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// String is both, as "绿地 | Green plots", or the one there is.
func (l Label) String() string {
	switch {
	case l.ZH == "" || l.ZH == l.EN:
		return l.EN
	case l.EN == "":
		return l.ZH
	default:
		return l.ZH + " | " + l.EN
	}
}

// In is the label in the language, or in the other where it lacks one.
func (l Label) In(t Tag) string {
	if t == Chinese && l.ZH != "" || l.EN == "" {
		return l.ZH
	}
	return l.EN
}

// Bothf is a text in both languages; format and args as in [fmt.Sprintf].
func Bothf(format string, args ...any) Label {
	if false {
		_ = fmt.Sprintf(format, args...) // go vet checks callers by this
	}
	return Label{ZH: Chinese.Sayf(format, args...), EN: English.Sayf(format, args...)}
}

// BothOf is an error's text in both languages.
func BothOf(err error) Label {
	return Label{ZH: Chinese.Error(err), EN: English.Error(err)}
}
