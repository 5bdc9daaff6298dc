// Package merge brings files into layers, and takes imports back, each in one transaction: in
// full or not at all. An import goes through stages, each a value made from the one before: the
// [target] is what must be known of the layer, then the file is [placed], its rows are [staged]
// and judged, and the result is applied, previewed or compared.
//
// How a file is read and a row is checked is package importer; what the ledger holds is package
// ledger.
package merge
