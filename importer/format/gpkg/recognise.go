package gpkg

import "yizhan/importer/record"

// Recognises reports an SQLite file whose extension does not say that it is another kind
// of database.
func Recognises(s record.Sample) bool {
	return s.Begins(record.SQLite) && !s.Named(".sqlite", ".sqlite3", ".spatialite", ".db", ".mbtiles")
}
