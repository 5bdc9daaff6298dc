// Package csv reads delimited text (RFC 4180 and what offices make of it): it detects the
// encoding, the separator and the row of column names, and leaves titles and totals out.
//
// It does not decide which columns hold coordinates; package coords does.
package csv
