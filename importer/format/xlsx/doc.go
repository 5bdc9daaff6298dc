// Package xlsx reads one sheet of a workbook of Office Open XML (ECMA-376), value by value
// as the sheet shows it.
//
// It reads neither formulas nor formats beyond dates, and no XLS; the workbook is held in
// memory, within a limit.
package xlsx
