package geo

import "fmt"

// Nearest returns the known word that is closest to the given one by edit
// distance (Levenshtein), itself when it is known, and "" when none is alike.
func Nearest(word string, known []string) string {
	best, least := "", max(2, len(word)/2)+1
	for _, k := range known {
		if k == word {
			return k
		}
		if len(word) > 60 || len(k) > 60 {
			continue
		}
		if d := editDistance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// Suggest is the end of a message about an unknown word.
func Suggest(nearest string) string {
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", nearest)
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
