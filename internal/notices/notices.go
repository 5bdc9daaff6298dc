// Package notices holds what the licences of others ask to be told with the binary, and
// the list of what the binary and the page are made of (CycloneDX).
//
// Both files are made by its command collect ("make notices"); nothing here is written by hand.
package notices

import _ "embed"

// Text names every module and package of others that is in the binary or the page, with its licence.
//
//go:embed NOTICES
var Text string
