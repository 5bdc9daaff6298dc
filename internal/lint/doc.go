// Package lint holds the house to its rules: each is a row of the table in
// lint_test.go, with the reason and an example that it must catch. What gofmt,
// vet and staticcheck find is theirs.
package lint
