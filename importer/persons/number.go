package persons

import (
	"bytes"

	"golang.org/x/text/width"
)

// Numbers looks for a mobile or an identity number, or an e-mail address, anywhere in
// a text, and returns the first as digits, whatever separates them. It is meant for the
// texts of a million rows: most are ruled out by one pass over the bytes.
func Numbers(text []byte) (kind Kind, found string) {
	sum := uint64(0)
	for _, b := range text {
		sum += weights[b]
	}
	digits, firsts := sum%aWide, sum%anAt/aWide
	if digits+firsts < 11 && sum < anAt {
		return "", ""
	}
	if digits >= 11 {
		for i := 0; i < len(text); i += 3 {
			if !digit(text[i]) {
				continue
			}
			start, end := group(text, i)
			if plausible(text, start, end) {
				from, to, number := run(text, start)
				if kind, found := number.judge(text, from, to); kind != "" {
					return kind, found
				}
			}
			i = end - 2 // the next look is right behind
		}
	}
	if at := bytes.IndexByte(text, '@'); at > 0 {
		if address := addressAround(text, at); address != "" {
			return Email, address
		}
	}
	if digits+firsts >= 11 && wide(text) {
		return Numbers(width.Narrow.Bytes(text))
	}
	return "", ""
}

// Weights of bytes in a text's sum: digits, first bytes of full-width characters, and at
// signs. In a very long text one overflows into the next, which only costs the closer look.
const (
	aWide = 1 << 24
	anAt  = 1 << 48
)

var weights = func() (w [256]uint64) {
	for b := '0'; b <= '9'; b++ {
		w[b] = 1
	}
	w[0xef], w['@'] = aWide, anAt
	return w
}()

// group is where the digits around position i begin and end.
func group(text []byte, i int) (start, end int) {
	for start = i; start > 0 && digit(text[start-1]); start-- {
	}
	for end = i + 1; end < len(text) && digit(text[end]); end++ {
	}
	return start, end
}

// plausible reports whether digits may be, or begin, one of the numbers.
func plausible(text []byte, start, end int) bool {
	switch end - start {
	case 11:
		return text[start] == '1' && text[start+1] >= '3'
	case 13:
		return text[start] == '8' && text[start+1] == '6'
	case 17:
		return end < len(text) && text[end]|0x20 == 'x'
	case 18: // of a birthday in the last century or in this one
		return text[start+6] == '1' && text[start+7] == '9' || text[start+6] == '2' && text[start+7] == '0'
	case 2, 3, 5:
		return end+1 < len(text) && separator(text[end]) && digit(text[end+1])
	}
	return false
}

func digit(b byte) bool { return b-'0' < 10 }

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// wide reports whether a text has full-width digits (U+FF10 to U+FF19).
func wide(text []byte) bool {
	for {
		at := bytes.IndexByte(text, 0xef)
		if at < 0 || at+2 >= len(text) {
			return false
		}
		if text[at+1] == 0xbc && text[at+2] >= 0x90 && text[at+2] <= 0x99 {
			return true
		}
		text = text[at+1:]
	}
}

// numeral is a run of digits in groups, separated by single spaces or hyphens.
type numeral struct {
	digits [24]byte
	groups [8]int
	n, k   int // how many digits and groups; beyond the arrays they are only counted
}

// run is the run of digits around position i, and where it begins and ends.
func run(text []byte, i int) (start, end int, n numeral) {
	start = i
	for start > 0 && (digit(text[start-1]) || start > 1 && separator(text[start-1]) && digit(text[start-2])) {
		start--
	}
	end = start
	group := 0
	for end < len(text) {
		switch {
		case digit(text[end]):
			if n.n < len(n.digits) {
				n.digits[n.n] = text[end]
			}
			n.n++
			group++
		case separator(text[end]) && end+1 < len(text) && digit(text[end+1]):
			n.group(group)
			group = 0
		default:
			n.group(group)
			return start, end, n
		}
		end++
	}
	n.group(group)
	return start, end, n
}

func (n *numeral) group(length int) {
	if n.k < len(n.groups) {
		n.groups[n.k] = length
	}
	n.k++
}

func separator(b byte) bool { return b == ' ' || b == '-' }

// judge says what a run of digits is, also by what surrounds it: digits within a longer
// code are not personal.
func (n *numeral) judge(text []byte, start, end int) (Kind, string) {
	if start > 0 && (letter(text[start-1]) && !called(text[:start]) || text[start-1] == '.' || text[start-1] == '_') {
		return "", ""
	}
	if n.n > len(n.digits) || n.k > len(n.groups) {
		return "", ""
	}
	digits := n.digits[:n.n]
	checked := n.n == 17 && n.k == 1 && end < len(text) && text[end]|0x20 == 'x'
	if checked {
		end++
	}
	if end < len(text) && (letter(text[end]) || text[end] == '_' || fraction(text[end:])) {
		return "", ""
	}
	if checked || n.n == 18 && n.k == 1 {
		if number := string(digits) + map[bool]string{true: "X"}[checked]; identity(number) {
			return Identity, number
		}
		return "", ""
	}
	groups := n.groups[:n.k]
	if n.n == 13 && digits[0] == '8' && digits[1] == '6' { // the country's code
		if digits = digits[2:]; groups[0] == 2 {
			groups = groups[1:]
		} else {
			groups[0] -= 2
		}
	}
	parted := len(groups) == 1 || len(groups) == 3 && groups[0] == 3 && groups[1] == 4
	if len(digits) == 11 && parted && mobile(digits) {
		return Mobile, string(digits)
	}
	return "", ""
}

// fraction reports decimals behind a number, but not the zero that a spreadsheet adds to a
// whole number.
func fraction(text []byte) bool {
	if len(text) < 2 || text[0] != '.' || !digit(text[1]) {
		return false
	}
	rest := bytes.TrimLeft(text[1:], "0")
	return len(rest) > 0 && digit(rest[0])
}

// called reports whether a text ends in a term that precedes a telephone number.
func called(text []byte) bool {
	lower := bytes.ToLower(text[max(0, len(text)-8):])
	for _, word := range []string{"tel", "phone", "mobile", "mob", "wx", "vx", "wechat", "qq"} {
		if bytes.HasSuffix(lower, []byte(word)) {
			return true
		}
	}
	return false
}

// mobile recognises the numbers of mobile telephones (the ministry's plan of numbers: 13,
// 145 to 149, 150 to 159 without 154, 162, 165 to 167, 170 to 178, 18, 19 without 194).
func mobile(d []byte) bool {
	if d[0] != '1' {
		return false
	}
	switch third := d[2]; d[1] {
	case '3', '8':
		return true
	case '4':
		return third >= '5'
	case '5', '9':
		return third != '4'
	case '6':
		return third == '2' || third >= '5' && third <= '7'
	case '7':
		return third <= '8'
	}
	return false
}

// provinces are the first two digits of citizens' numbers (GB/T 2260).
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 " +
	"81 82 83 "

// identity checks province, birthday and check digit (GB 11643-1999; ISO 7064 MOD 11-2).
func identity(number string) bool {
	if !bytes.Contains([]byte(provinces), []byte(number[:2]+" ")) {
		return false
	}
	month, day := number[10:12], number[12:14]
	if century := number[6:8]; century != "19" && century != "20" || month < "01" || month > "12" || day < "01" ||
		day > "31" {
		return false
	}
	sum, weight := 0, 1 // the weights are powers of 2 modulo 11, from the right
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(number[i]-'0') * weight
	}
	return "10X98765432"[sum%11] == number[17]
}

// addressAround is the e-mail address around an at sign, "" for none.
func addressAround(text []byte, at int) string {
	word := func(b byte) bool { return letter(b) || digit(b) || bytes.IndexByte([]byte("._%+-"), b) >= 0 }
	start, end := at, at+1
	for start > 0 && word(text[start-1]) {
		start--
	}
	for end < len(text) && word(text[end]) {
		end++
	}
	domain := bytes.Trim(text[at+1:end], ".-")
	dot := bytes.LastIndexByte(domain, '.')
	if start == at || dot < 1 || len(domain)-dot < 3 || !letter(domain[dot+1]) {
		return ""
	}
	return string(text[start:at+1]) + string(domain)
}
