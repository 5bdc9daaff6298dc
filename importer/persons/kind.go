package persons

import (
	"strings"
	"unicode/utf8"

	"yizhan/internal/lang"
)

// Kind is a kind of personal data; the code is stable.
type Kind string

// Kinds of personal data.
const (
	Mobile    Kind = "mobile"     // a mobile number of the mainland
	Identity  Kind = "identity"   // a citizen's number (GB 11643-1999)
	Email     Kind = "email"      // an e-mail address
	Messenger Kind = "messenger"  // an account of WeChat or QQ
	Name      Kind = "name"       // a person's name
	FieldName Kind = "field_name" // the field is named like one of personal data
)

// Title is the name of the kind.
func (k Kind) Title() lang.Label {
	switch k {
	case Mobile:
		return lang.Bothf("mobile numbers")
	case Identity:
		return lang.Bothf("identity card numbers")
	case Email:
		return lang.Bothf("e-mail addresses")
	case Messenger:
		return lang.Bothf("WeChat or QQ accounts")
	case Name:
		return lang.Bothf("names of persons")
	}
	return lang.Bothf("field name")
}

// Mask shows enough of a text for the planner to recognise it: 138****5678,
// 张*, 4****************2.
func Mask(k Kind, text string) string {
	letters := []rune(strings.TrimSpace(text))
	n := len(letters)
	switch {
	case n == 0:
		return ""
	case k == Mobile && n == 11:
		return string(letters[:3]) + "****" + string(letters[7:])
	case k == Identity && n == 18:
		return string(letters[:1]) + strings.Repeat("*", 16) + string(letters[17:])
	case k == Email:
		if at := strings.IndexByte(text, '@'); at > 0 {
			first, _ := utf8.DecodeRuneInString(text)
			return string(first) + "***@***"
		}
	}
	return string(letters[0]) + strings.Repeat("*", min(max(n-1, 1), 6))
}
