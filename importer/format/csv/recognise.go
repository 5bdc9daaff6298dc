package csv

import "yizhan/importer/record"

// Recognises reports a delimited text by its extension or the lack of one.
func Recognises(s record.Sample) bool {
	return !s.Binary() && !s.Blank() && s.First() != '<' && s.Named(".csv", ".tsv", ".txt", ".tab.txt", ".psv", "")
}
