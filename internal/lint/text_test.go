package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// personal recognises a resident's identity number and a mainland mobile number,
// but not the digits of a coordinate or of a hash.
var personal = regexp.MustCompile(`(?:^|[^0-9A-Za-z._-])(` +
	`[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]` +
	`|(?:\+?86[ -]?)?1[3-9][0-9]{9}` +
	`)(?:$|[^0-9A-Za-z])`)

// checksums are files that hold nothing but names and hashes.
var checksums = []string{"go.sum", "web/package-lock.json"}

// eachLine calls each for every line of every file, with where it stands.
func (t tree) eachLine(each func(f file, at, line string)) {
	for _, f := range t {
		for i, line := range strings.Split(f.text, "\n") {
			each(f, fmt.Sprintf("%s:%d", f.path, i+1), line)
		}
	}
}

func fileLength(t tree) (faults []string) {
	for _, f := range t {
		n := strings.Count(f.text, "\n")
		if n > maxFile && slices.Contains([]string{".go", ".ts", ".sql", ".css"}, f.ext()) {
			faults = append(faults, fmt.Sprintf("%s: %d lines", f.path, n))
		}
	}
	return faults
}

func personalNumbers(t tree) (faults []string) {
	t.eachLine(func(f file, at, line string) {
		if !slices.Contains(checksums, f.path) && personal.MatchString(line) {
			faults = append(faults, at+": looks like a person's number")
		}
	})
	return faults
}

func unfinished(t tree) (faults []string) {
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	t.eachLine(func(f file, at, line string) {
		if !slices.Contains(checksums, f.path) && marks.MatchString(line) {
			faults = append(faults, at+": "+strings.TrimSpace(line))
		}
	})
	return faults
}

func lockedRegistries(t tree) (faults []string) {
	for _, f := range t {
		if strings.HasSuffix(f.path, "package-lock.json") && strings.Contains(f.text, `"resolved": "http`) {
			faults = append(faults, f.path+": names a registry: run npm with omit-lockfile-registry-resolved=true")
		}
	}
	return faults
}
