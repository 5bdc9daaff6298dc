package persons

import (
	"strings"
	"unicode/utf8"

	"yizhan/internal/lang"
)

// Kind is what something looks like; the code is stable.
type Kind string

// Kinds of data of persons.
const (
	Mobile    Kind = "mobile"     // a mobile number of the mainland
	Identity  Kind = "identity"   // a citizen's number (GB 11643-1999)
	Email     Kind = "email"      // an address of electronic mail
	Messenger Kind = "messenger"  // an account of WeChat or QQ
	Name      Kind = "name"       // a person's name
	FieldName Kind = "field_name" // the field is named like one that holds data of persons
)

// Title is the kind in words.
func (k Kind) Title() lang.Label {
	switch k {
	case Mobile:
		return lang.Label{ZH: "手机号", EN: "mobile numbers"}
	case Identity:
		return lang.Label{ZH: "身份证号", EN: "citizen's identity numbers"}
	case Email:
		return lang.Label{ZH: "电子邮箱", EN: "e-mail addresses"}
	case Messenger:
		return lang.Label{ZH: "微信号或 QQ 号", EN: "WeChat or QQ accounts"}
	case Name:
		return lang.Label{ZH: "人名", EN: "persons' names"}
	}
	return lang.Label{ZH: "字段名", EN: "the name of the field"}
}

// Mask shows of a text as much as tells the planner which one it is: 138****5678,
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
