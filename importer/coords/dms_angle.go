package coords

import (
	"bytes"
	"unicode/utf8"
)

// Marks that foldCoordinate writes for the many ways of writing units.
const (
	degreeMark = 'd'
	minuteMark = '\''
	secondMark = '"'
	metreMark  = 'm'
)

// foldCoordinate writes a coordinate in ASCII: full-width characters become
// half-width ones, units their marks, hemispheres E, W, N and S. ok is false when
// it holds a character that no coordinate has.
func foldCoordinate(dst, text []byte) ([]byte, bool) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError {
			return dst, false
		}
		if r > 0xff00 && r < 0xff5f {
			r -= 0xfee0 // the full-width forms of ASCII, U+FF01 to U+FF5E
		}
		text = text[size:]
		mark := coordinateMark(r)
		switch {
		case mark == 0:
			return dst, false
		case mark == minuteMark && len(dst) > 0 && dst[len(dst)-1] == minuteMark:
			dst[len(dst)-1] = secondMark // two primes are a double one
			continue
		}
		dst = append(dst, mark)
		switch next, width := utf8.DecodeRune(text); {
		case (r == '东' || r == '西') && next == '经', (r == '南' || r == '北') && next == '纬':
			text = text[width:]
		}
	}
	return dst, true
}

// coordinateMark is what one character of a coordinate means, 0 for nothing.
func coordinateMark(r rune) byte {
	switch r {
	case '°', 'º', '˚', '゜', '度', '∘':
		return degreeMark
	case '′', '\'', '’', '‘', '´', '`', '分', 'ʹ':
		return minuteMark
	case '″', '"', '”', '“', '秒', '〃', 'ʺ':
		return secondMark
	case '米', 'm', 'M':
		return metreMark
	case '-', '−', '–', '—':
		return '-'
	case ' ', '\t', '\u00a0', '\u3000', '\u2009', '\u202f':
		return ' '
	case 'E', 'e', '东':
		return 'E'
	case 'W', 'w', '西':
		return 'W'
	case 'N', 'n', '北':
		return 'N'
	case 'S', 's', '南':
		return 'S'
	case '+', '.', ',', ':':
		return byte(r)
	}
	if r >= '0' && r <= '9' {
		return byte(r)
	}
	return 0
}

// hemisphere takes a letter off the beginning or the end of a folded coordinate; 0 when there is none.
func hemisphere(text []byte) (letter byte, rest []byte) {
	if len(text) == 0 {
		return 0, text
	}
	if isHemisphere(text[0]) {
		return text[0], bytes.TrimLeft(text[1:], " :")
	}
	if last := text[len(text)-1]; isHemisphere(last) {
		return last, bytes.TrimRight(text[:len(text)-1], " ")
	}
	return 0, text
}

func isHemisphere(c byte) bool { return c == 'E' || c == 'W' || c == 'N' || c == 'S' }

// signedAngle reads a folded coordinate. It has a sign or a hemisphere, not both.
func signedAngle(text []byte) (float64, bool) {
	if v, ok := decimal(text); ok {
		return v, true // full-width digits, or an exponent
	}
	letter, text := hemisphere(text)
	if len(text) == 0 {
		return 0, false
	}
	negative := letter == 'S' || letter == 'W'
	if text[0] == '-' || text[0] == '+' {
		if letter != 0 {
			return 0, false
		}
		negative = text[0] == '-'
		text = bytes.TrimLeft(text[1:], " ")
	}
	v, ok := angle(text)
	if letter != 0 && v > 180 {
		return 0, false
	}
	if negative {
		v = -v
	}
	return v, ok
}

// angle reads what stands between signs and hemispheres.
func angle(text []byte) (float64, bool) {
	if len(text) == 0 || text[0] < '0' && text[0] != '.' || text[0] > '9' {
		return 0, false
	}
	switch last := text[len(text)-1]; {
	case bytes.IndexByte(text, metreMark) == len(text)-1, bytes.IndexByte(text, degreeMark) == len(text)-1 &&
		last == degreeMark:
		return length(bytes.TrimRight(text[:len(text)-1], " "))
	case bytes.IndexByte(text, degreeMark) > 0:
		return marked(text)
	}
	for _, separator := range []byte{'-', ':', ' '} {
		if bytes.IndexByte(text, separator) > 0 {
			parts := bytes.Split(text, []byte{separator})
			if len(parts) != 3 {
				return 0, false
			}
			return sexagesimal(parts[0], parts[1], parts[2])
		}
	}
	return length(text)
}

// length reads one number with nothing behind it.
func length(text []byte) (float64, bool) {
	if bytes.IndexByte(text, ',') >= 0 {
		return thousands(text)
	}
	return decimal(text)
}

// marked reads degrees, minutes and seconds with their marks: 112d31'20.5". The
// mark of the last part may be left out.
func marked(text []byte) (float64, bool) {
	degrees, text, _ := bytes.Cut(text, []byte{degreeMark})
	minutes, rest, found := bytes.Cut(text, []byte{minuteMark})
	seconds, tail := rest, []byte(nil)
	if found {
		seconds, tail, _ = bytes.Cut(rest, []byte{secondMark})
	}
	if len(bytes.TrimSpace(tail)) > 0 {
		return 0, false
	}
	return sexagesimal(degrees, minutes, seconds)
}

// sexagesimal joins degrees up to 180, minutes and seconds below 60. Only the last part
// that is there may have decimals.
func sexagesimal(degrees, minutes, seconds []byte) (float64, bool) {
	degrees, minutes, seconds = bytes.TrimSpace(degrees), bytes.TrimSpace(minutes), bytes.TrimSpace(seconds)
	d, fine := decimal(degrees)
	m, fineToo := decimal(minutes)
	if !fine || !fineToo || !digitsOnly(degrees) || minutes[0] == '-' || minutes[0] == '+' || d > 180 || m >= 60 {
		return 0, false
	}
	if len(seconds) == 0 {
		return d + m/60, true
	}
	s, ok := decimal(seconds)
	if !ok || !digitsOnly(minutes) || seconds[0] == '-' || seconds[0] == '+' || s >= 60 {
		return 0, false
	}
	return d + m/60 + s/3600, true
}
