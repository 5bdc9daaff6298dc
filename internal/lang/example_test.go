package lang_test

import (
	"errors"
	"fmt"

	"yizhan/internal/lang"
)

// An error is written once, in English, and read in either language, without its kind.
func ExampleErrorf() {
	const notFound = lang.Kind("not found")
	err := lang.Errorf("%s: %w", "a.csv", lang.Errorf("timed out: %w", notFound))
	fmt.Println(lang.English.Error(err))
	fmt.Println(lang.Chinese.Error(err))
	fmt.Println(errors.Is(err, notFound))
	// Output:
	// a.csv: timed out
	// a.csv：超时
	// true
}
