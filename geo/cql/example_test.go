package cql_test

import (
	"fmt"

	"yizhan/geo/cql"
)

// Filters that say the same have one spelling, by which caches share a tile.
func ExampleParse() {
	filter, err := cql.Parse("NOT (condition = 'intact') and diameter_mm >= 700.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filter)
	fmt.Println(filter.Fields())
	_, err = cql.Parse("condition = intact'")
	fmt.Println(err)
	// Output:
	// NOT condition = 'intact' AND diameter_mm >= 700
	// [condition diameter_mm]
	// filter, character 19: unclosed '
}
