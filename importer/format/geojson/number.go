package geojson

import (
	"math"
	"strconv"
)

// tens are the powers of ten that a float64 holds exactly.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
	1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// number reads a JSON number of the coordinates. Digits below 2^53 are exact
// by one division (W. D. Clinger, How to read floating point numbers accurately,
// 1990); longer numbers and exponents go through strconv.
func (g *positions) number() (float64, bool) {
	start := g.at
	negative := g.in[g.at] == '-'
	if negative {
		g.at++
	}
	var digits uint64
	count, decimals, fraction, plain := 0, 0, false, true
	for ; g.at < len(g.in); g.at++ {
		c := g.in[g.at]
		switch {
		case c >= '0' && c <= '9':
			digits = digits*10 + uint64(c-'0')
			count++
			if fraction {
				decimals++
			}
			continue
		case c == '.':
			fraction = true
			continue
		case c == 'e' || c == 'E' || c == '+' || c == '-':
			plain = false
			continue
		}
		break
	}
	if count == 0 {
		return 0, false
	}
	if plain && count <= 19 && digits < 1<<53 && decimals < len(tens) {
		v := float64(digits) / tens[decimals]
		if negative {
			v = -v
		}
		return v, true
	}
	v, err := strconv.ParseFloat(string(g.in[start:g.at]), 64)
	return v, err == nil && !math.IsInf(v, 0)
}
