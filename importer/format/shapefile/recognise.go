package shapefile

import "yizhan/importer/record"

// Recognises reports a Shapefile by its main file or by a companion.
func Recognises(s record.Sample) bool {
	companion := s.Named(".dbf", ".shx", ".prj", ".cpg") && !s.Begins(record.ZIP, record.EmptyZIP, record.OLE)
	return s.Begins(record.SHP) || companion
}
