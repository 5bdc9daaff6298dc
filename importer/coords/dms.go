package coords

import (
	"bytes"
	"math"
	"strconv"
)

// longestCoordinate is more bytes than any way of writing one takes.
const longestCoordinate = 96

// powersOfTen are those that a float64 holds exactly.
var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Parse reads one coordinate as survey lists write them: a decimal with
// or without thousands separators and unit, or degrees, minutes and seconds, with
// or without a hemisphere. Degrees come back as decimal degrees, south and west
// negative; metres as they stand. ok is false for everything else.
func Parse(text []byte) (v float64, ok bool) {
	text = bytes.TrimSpace(text)
	if v, ok = decimal(text); ok {
		return v, true
	}
	if len(text) == 0 || len(text) > longestCoordinate {
		return 0, false
	}
	var plain [longestCoordinate]byte
	written, ok := foldCoordinate(plain[:0], text)
	if !ok {
		return 0, false
	}
	return signedAngle(bytes.TrimSpace(written))
}

// decimal reads a plain ASCII decimal: sign, digits, point, exponent; no NaN, no
// infinity, no hexadecimal, no underscores. Digits below 2^53 are exact by one
// division (W. D. Clinger, How to read floating point numbers accurately, 1990);
// longer ones and exponents go through strconv.
func decimal(text []byte) (float64, bool) {
	at := 0
	negative := len(text) > 0 && text[0] == '-'
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		at++
	}
	var digits uint64
	count, decimals, point := 0, 0, false
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c >= '0' && c <= '9':
			digits = digits*10 + uint64(c-'0')
			count++
			if point {
				decimals++
			}
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && count > 0:
			return longDecimal(text, at)
		default:
			return 0, false
		}
	}
	switch {
	case count == 0:
		return 0, false
	case count > 19 || digits >= 1<<53:
		return longDecimal(text, len(text))
	}
	v := float64(digits) / powersOfTen[decimals]
	if negative {
		v = -v
	}
	return v, true
}

// longDecimal reads a decimal whose mantissa ends at a place and is known to be well formed.
func longDecimal(text []byte, mantissa int) (float64, bool) {
	if len(text) > longestCoordinate {
		return 0, false
	}
	if mantissa < len(text) {
		power := text[mantissa+1:]
		if len(power) > 0 && (power[0] == '-' || power[0] == '+') {
			power = power[1:]
		}
		if !digitsOnly(power) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func digitsOnly(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// thousands reads 3,652,962.146: groups of three behind the first comma.
func thousands(text []byte) (float64, bool) {
	var joined [longestCoordinate]byte
	whole, _, _ := bytes.Cut(text, []byte{'.'})
	out := joined[:0]
	for i, group := range bytes.Split(whole, []byte{','}) {
		if !digitsOnly(group) || i == 0 && len(group) > 3 || i > 0 && len(group) != 3 {
			return 0, false
		}
		out = append(out, group...)
	}
	return decimal(append(out, text[len(whole):]...))
}
