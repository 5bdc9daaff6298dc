// Package persons recognises what looks like data of persons: by the names of fields,
// by single values, and by values within free text. It says what it found and shows it
// masked, and decides nothing: what becomes of a field is the importer's.
package persons
