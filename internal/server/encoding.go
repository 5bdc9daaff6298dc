package server

import (
	"strconv"
	"strings"

	"yizhan/tiles/cache"
)

// preference is the order of encodings that a client likes equally: zstd packs a
// tile smaller than gzip in the same time.
var preference = [...]cache.Encoding{cache.Zstd, cache.Gzip, cache.Identity}

// negotiate reads Accept-Encoding (RFC 9110, 12.5.3): the encoding with the highest
// weight. Without the header, or if it names no encoding of ours, tiles are sent
// uncompressed; nothing is acceptable if the client excludes that too.
func negotiate(headers []string) (best cache.Encoding, acceptable bool) {
	if len(headers) == 0 {
		return cache.Identity, true
	}
	const unnamed = -1
	weights := [...]float64{cache.Identity: unnamed, cache.Gzip: unnamed, cache.Zstd: unnamed}
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
				weights[cache.Gzip] = w
			case strings.EqualFold(coding, "zstd"):
				weights[cache.Zstd] = w
			case strings.EqualFold(coding, "identity"):
				weights[cache.Identity] = w
			case coding == "*":
				star = w
			}
		}
	}
	// gzip that is not named has the weight of the star; zstd must be named, because not
	// every client that accepts anything knows it; identity remains when nothing better is
	highest := 0.0
	for _, e := range preference {
		w := weights[e]
		if w == unnamed && e == cache.Gzip {
			w = star
		}
		if w > highest {
			best, highest, acceptable = e, w, true
		}
	}
	if !acceptable && (weights[cache.Identity] > 0 || weights[cache.Identity] == unnamed && star != 0) {
		return cache.Identity, true
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
