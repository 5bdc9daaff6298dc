// Package lang is the house's two languages: every error, report and help text is
// written in English where it arises and found in Chinese in the catalogue zh/*.po, one
// file a package, when a reader asks for it. A text keeps its pattern and its parts, so
// what an error wraps is translated with it.
//
// It knows no domain: names of layers and fields come in both languages from the ledger
// ([Label]). It never guesses a language from a text.
package lang
