package geo

import "yizhan/internal/lang"

// Nearest returns the known name that is closest to the given one by edit distance
// (Levenshtein), the name itself when it is known, and "" when none is similar.
func Nearest(name string, known []string) string {
	best, least := "", max(2, len(name)/2)+1
	for _, k := range known {
		if k == name {
			return k
		}
		if len(name) > 60 || len(k) > 60 {
			continue
		}
		if d := editDistance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// Suggest is the end of a message about an unknown name; empty without a similar one.
func Suggest(nearest string) lang.Label {
	if nearest == "" {
		return lang.Label{}
	}
	return lang.Bothf("; did you mean %q?", nearest)
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
