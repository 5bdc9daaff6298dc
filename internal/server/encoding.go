package server

import (
	"strconv"
	"strings"

	"yizhan/tiles"
)

// preference is the order of encodings that a client likes equally: zstd packs a
// tile smaller than gzip in the same time.
var preference = [...]tiles.Encoding{tiles.Zstd, tiles.Gzip, tiles.Identity}

// negotiate reads Accept-Encoding (RFC 9110, 12.5.3): the encoding with the highest
// weight. Without the header the bytes go as they are; they also do where nothing
// named is ours, unless the client has excluded that, and then nothing is acceptable.
func negotiate(headers []string) (best tiles.Encoding, acceptable bool) {
	if len(headers) == 0 {
		return tiles.Identity, true
	}
	const unnamed = -1
	weights := [...]float64{tiles.Identity: unnamed, tiles.Gzip: unnamed, tiles.Zstd: unnamed}
	star := float64(unnamed)
	for _, header := range headers {
		for header != "" {
			var one string
			one, header, _ = strings.Cut(header, ",")
			coding, parameter, _ := strings.Cut(strings.TrimSpace(one), ";")
			w, ok := weight(parameter)
			if !ok {
				continue
			}
			switch coding = strings.TrimSpace(coding); {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				weights[tiles.Gzip] = w
			case strings.EqualFold(coding, "zstd"):
				weights[tiles.Zstd] = w
			case strings.EqualFold(coding, "identity"):
				weights[tiles.Identity] = w
			case coding == "*":
				star = w
			}
		}
	}
	// gzip that is not named has the weight of the star, zstd has to be named, as not
	// all who take anything know it; identity is what remains when nothing better is
	highest := 0.0
	for _, e := range preference {
		w := weights[e]
		if w == unnamed && e == tiles.Gzip {
			w = star
		}
		if w > highest {
			best, highest, acceptable = e, w, true
		}
	}
	if !acceptable && (weights[tiles.Identity] > 0 || weights[tiles.Identity] == unnamed && star != 0) {
		return tiles.Identity, true
	}
	return best, acceptable
}

// weight reads "q=0.5", at most three decimals and from 0 to 1; nothing is 1.
func weight(parameter string) (q float64, ok bool) {
	parameter = strings.TrimSpace(parameter)
	if parameter == "" {
		return 1, true
	}
	name, value, found := strings.Cut(parameter, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 0, false
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return q, err == nil && q >= 0 && q <= 1
}
