package xlsx

import "yizhan/importer/record"

// Recognises reports a workbook, also one of the old kind, which Open refuses with advice.
func Recognises(s record.Sample) bool {
	return s.Begins(record.ZIP) && s.Named(".xlsx", ".xlsm") || s.Begins(record.OLE)
}
